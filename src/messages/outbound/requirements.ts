import type { ProjectFacts } from '#accounts/project-facts.ts';
import type { ItemView } from '#engine/contract.ts';
import type { Channel, ConsentFact, FanFacts, MessageFact } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { CountryPack } from '../countries/country-pack.ts';
import { packFor } from '../countries/index.ts';
import { signalsOf } from '../quiet-hours/signals.ts';
import { spread } from '../quiet-hours/spread.ts';
import { nextOpening } from '../quiet-hours/window.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';

/**
 * The rules of a marketing text, each a pure question over facts; the order they are asked in is in
 * `plan-text.ts`. Times are domain time.
 */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Facts without the text that this very step may have sent: whether it may be sent again, once the
 * first is known not to have gone, must not depend on that first one.
 */
export function withoutOwnAttempt(facts: FanFacts, { id, position }: ItemView): FanFacts {
  const own = `${id}:${position}`;
  if (!facts.messages.some((one) => one.openStep === own)) return facts;
  return { ...facts, messages: facts.messages.filter((one) => one.openStep !== own) };
}

/** The kill switch is the project's gate itself: what sends holds it, and so cannot be late to know. */
export function isSendingStopped({ gates }: FanFacts): boolean {
  return gates.get(gateKeys.project)?.closed ?? false;
}

/**
 * R94: one text within five minutes of the fan's own, to that number, from the number written to; or
 * from one that reaches her where that does not (S9).
 */
export function isTheOneReply(input: {
  reply: { sender: string; address: string } | null;
  eventAt: Date;
  eventId: string;
  sender: string;
  reaches: (sender: string) => boolean;
  address: string;
  messages: readonly MessageFact[];
  now: Date;
}): boolean {
  const { reply, now } = input;
  if (reply === null || reply.address !== input.address) return false;
  if (reply.sender !== input.sender && input.reaches(reply.sender)) return false;
  if (now.getTime() - input.eventAt.getTime() > 5 * minuteMs) return false;
  return !input.messages.some(
    (one) =>
      one.causeId === input.eventId &&
      one.channel === 'sms' &&
      one.class !== 'compliance' &&
      one.class !== 'answer',
  );
}

/** R36, R75: an unrevoked, active consent for exactly this number or e-mail address. */
export function activeConsent(
  facts: FanFacts,
  address: string,
  channel: Channel = 'sms',
): ConsentFact | null {
  return (
    facts.consents.find(
      (one) => one.channel === channel && one.address === address && one.activeAt !== null,
    ) ?? null
  );
}

/** R109: another run of the same fan action sent a message of the channel less than ten minutes ago. */
export function hasSentForCause(
  facts: FanFacts,
  { causeId, runId, now, channel }: { causeId: string; runId: string | null; now: Date; channel: Channel },
): boolean {
  return facts.messages.some(
    (one) =>
      one.channel === channel &&
      one.causeId === causeId &&
      one.runId !== runId &&
      now.getTime() - one.sentAt.getTime() < 10 * minuteMs,
  );
}

/** R48: the number promised in the accepted text, or the project's; the lower. Replies do not count. */
export function isOverCap(
  facts: FanFacts,
  consent: ConsentFact | null,
  project: ProjectFacts,
  now: Date,
  reserved = 0,
): boolean {
  const cap = Math.min(consent?.perMonth ?? Infinity, project.monthlyCap);
  const texts = marketingOfMonth(facts, now).filter(({ channel }) => channel === 'sms');
  return texts.length + reserved >= cap;
}

/** R48: the project's limit on what one fan gets over all channels, whatever she agreed to on each. */
export function isOverAllChannels(
  facts: FanFacts,
  { allChannelsCap }: Pick<ProjectFacts, 'allChannelsCap'>,
  now: Date,
  reserved = 0,
): boolean {
  return allChannelsCap !== null && marketingOfMonth(facts, now).length + reserved >= allChannelsCap;
}

function marketingOfMonth({ messages }: FanFacts, now: Date): MessageFact[] {
  const since = now.getTime() - 30 * dayMs;
  return messages.filter((one) => one.class === 'marketing' && one.sentAt.getTime() > since);
}

/** R48, R102: reminders that were promised and whose day lies in the coming month keep their places. */
export function reservedReminders({ saves }: FanFacts, now: Date): number {
  const nowMs = now.getTime();
  const open = saves.filter(
    ({ remindAt }) =>
      remindAt !== null && remindAt.getTime() < nowMs + 30 * dayMs && remindAt.getTime() > nowMs - reminderMs,
  );
  return new Set(open.map(({ releaseId }) => releaseId)).size;
}

/** R47: how long what belongs to a release day may wait. */
export const reminderMs = 72 * 60 * minuteMs;

/** R29: the short answer to a keyword of this flow goes three times a day at most. */
export function isOverRepeats(facts: FanFacts, flowId: string, now: Date): boolean {
  const today = facts.messages.filter(
    (one) => one.againFlowId === flowId && now.getTime() - one.sentAt.getTime() < dayMs,
  );
  return today.length >= 3;
}

/** R108: five automatic answers an hour and twelve a day to one number. */
export function isOverAnswers(facts: FanFacts, address: string, now: Date): boolean {
  const answers = facts.messages.filter((one) => one.class === 'answer' && one.address === address);
  const within = (ms: number) => answers.filter((one) => now.getTime() - one.sentAt.getTime() < ms).length;
  return within(60 * minuteMs) >= 5 || within(dayMs) >= 12;
}

/**
 * A state's own limit on marketing texts in 24 hours (Florida, Maryland, Oklahoma), by each of the
 * places that a fan may be in.
 */
export function isOverDailyLimit(
  facts: FanFacts,
  { address, locate, now }: { address: string; locate: LocateNumber; now: Date },
): boolean {
  const place = locate(address);
  const { regions } = packFor(place.country);
  const limits = signalsOf(facts, place).map(({ region }) => regions[region ?? '']?.maxPerDay ?? Infinity);
  const today = facts.messages.filter(
    (one) =>
      one.channel === 'sms' && one.class === 'marketing' && now.getTime() - one.sentAt.getTime() < dayMs,
  );
  return today.length >= Math.min(Infinity, ...limits);
}

/** R124: the opt-out wording rides in the first text, then once in 30 days; in every one where the country says so. */
export function isOptOutDue(
  facts: FanFacts,
  now: Date,
  { everyText }: Pick<CountryPack, 'everyText'>,
): boolean {
  if (everyText.wayOut) return true;
  return !facts.messages.some(
    (one) =>
      one.channel === 'sms' && one.hasOptOutWording && now.getTime() - one.sentAt.getTime() < 30 * dayMs,
  );
}

/**
 * R39: a text since the opt-in carried its confirmation. Of an older opt-in than the facts reach back
 * to it did: it goes alone after ten seconds at the latest.
 */
export function isConfirmed(facts: FanFacts, { grantedAt }: ConsentFact, now: Date): boolean {
  if (now.getTime() - grantedAt.getTime() > 30 * dayMs) return true;
  return facts.messages.some((one) => one.hasOptOutWording && one.sentAt >= grantedAt);
}

export type CountryVerdict = 'ok' | 'country_off' | 'no_route';

/**
 * R127: texts go only to countries that the project switched on, its senders' by default; and only
 * from a sender that reaches it and to which the fan can answer.
 */
export function countryVerdict(
  country: string | null,
  project: Pick<ProjectFacts, 'countries'>,
  isReachedBy: { sender: boolean; any: boolean },
): CountryVerdict {
  if (country === null) return 'no_route';
  const isOn = project.countries.length === 0 ? isReachedBy.any : project.countries.includes(country);
  if (!isOn) return 'country_off';
  return isReachedBy.sender ? 'ok' : 'no_route';
}

const northAmerica = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'MP', 'AS', 'UM']);

/** Whether two countries' numbers are of one numbering plan. */
export function sharesPlan(a: string | null, b: string | null): boolean {
  return a !== null && (a === b || (northAmerica.has(a) && b !== null && northAmerica.has(b)));
}

/** R47: no text waits longer than this, whatever it waits for. */
export const stalestMs = 36 * 60 * minuteMs;

/** R46, R47: null when a marketing text may go now, else when it may. */
export function quietUntil(input: {
  facts: FanFacts;
  address: string;
  locate: LocateNumber;
  now: Date;
}): Date | null {
  const place = input.locate(input.address);
  const opening = nextOpening({
    now: input.now,
    signals: signalsOf(input.facts, place),
    pack: packFor(place.country),
  });
  return opening.open ? null : spread(opening.at, input.facts.fanId, opening.until);
}
