import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connections } from '#connections/connections.ts';
import { smsCredits } from '#credits/prices.ts';
import type { GateRead, ItemView, JsonObject, LocalWrite, Part, Verdict } from '#engine/contract.ts';
import type { ConsentFact, FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { StepPolicy } from '#steps/step.ts';
import { composeText, type ComposedText } from '../compose.ts';
import { packFor } from '../countries/index.ts';
import type { LocateNumber, NumberPlace } from '../quiet-hours/zones.ts';
import { eventOf, isCaused, isOfNews, rootEventOf } from './cause.ts';
import { languageOf } from './language.ts';
import * as rules from './requirements.ts';
import { inboxWriter, sendCall } from './send-call.ts';
import { chooseSender, reaches, sendersOf, type Sender } from './sender.ts';

export interface TextDeps {
  connections: Connections;
  projects: ProjectFactsReader;
  locate: LocateNumber;
  /** R109: a run nearer to the fan's action still has a text to send. */
  hasTextAhead: (view: ItemView) => Promise<boolean>;
  /** R66: another new release was told to the fan by text within a week. */
  hasHeardNews: (view: ItemView) => Promise<boolean>;
  /** Fills the artist's template for this run; the rows are committed with the text. */
  render: (input: { view: ItemView; facts: FanFacts; body: string; language: string }) => Promise<LinkedText>;
}

/** Words with a link in them; the rows behind the link are committed with the text. */
export interface LinkedText {
  body: string;
  writes: readonly LocalWrite[];
}

const hourMs = 60 * 60_000;
/** R98: how long a blocked text waits for START. */
const blockedHours = 24;
/** How long a provider in trouble is tried. */
const triedMs = 24 * hourMs;

export interface TextToPlan {
  body: string;
  connectionId: string | null;
  /** What belongs to a day may wait longer than other texts (R47). */
  stalestMs?: number;
  /** It answers a reminder that kept its place among the month's texts (R48). */
  isReminder?: boolean;
}

/** Where the fan wrote to, and from which number: what the one reply rests on (R94). */
interface ReplyTo {
  connectionId: string;
  sender: string;
  address: string;
}

/** One text that a flow wants to send, with all that its requirements ask. */
interface Asked {
  view: ItemView;
  facts: FanFacts;
  project: ProjectFacts;
  sender: Sender;
  /** All that the project was lent. */
  senders: readonly Sender[];
  address: string;
  place: NumberPlace;
  consent: ConsentFact | null;
  replyTo: ReplyTo | null;
  isReply: boolean;
  eventAt: Date;
  rootEventId: string;
  stalestMs: number;
  isReminder: boolean;
}

/**
 * What is to be done about a text of a flow, for this fan and now: the rows of the requirements
 * table in their order. Changes nothing. The gates it rests on go along, so that a STOP, a pause or
 * another text that comes in between is seen before this one leaves.
 */
export async function planText(
  deps: TextDeps,
  view: ItemView,
  facts: FanFacts,
  policy: StepPolicy,
  text: TextToPlan,
): Promise<Part[]> {
  const verdict = await decide(deps, view, rules.withoutOwnAttempt(facts, view), policy, text);
  return [{ service: '', verdict, gates: textGates(view, facts), moves: [gateKeys.sent(facts.fanId)] }];
}

async function decide(
  deps: TextDeps,
  view: ItemView,
  facts: FanFacts,
  policy: StepPolicy,
  text: TextToPlan,
): Promise<Verdict> {
  const project = await deps.projects.find(view.projectId);
  if (project === undefined) return skip('erased');
  const replyTo = replyOf(view.data);
  const connections = await deps.connections.ofProject(view.projectId);
  const address = replyTo?.address ?? facts.addresses.find((one) => one.channel === 'sms')?.value;
  const sender = chooseSender(
    connections,
    {
      connectionId: text.connectionId,
      repliesFrom: replyTo,
      address,
      textedFrom: facts.textedFrom.find((one) => one.address === address)?.sender ?? null,
    },
    deps.locate,
  );
  if (sender === null) return skip('no_sender');
  if (address === undefined) return skip('no_address');
  const senders = connections.flatMap(sendersOf);
  const place = deps.locate(address);
  const { stalestMs = rules.stalestMs, isReminder = false } = text;
  const known = { view, facts, project, sender, senders, address, place, replyTo };
  const asked = ask(deps.locate, { ...known, stalestMs, isReminder });
  const unmet = unmetRequirement(deps.locate, asked, policy);
  if (unmet !== null) return unmet;
  if (isCaused(view) && (await deps.hasTextAhead(view))) return skip('same_cause');
  if (isOfNews(view) && (await deps.hasHeardNews(view))) return skip('cap');
  return callOf(deps, asked, text.body);
}

function ask(
  locate: LocateNumber,
  known: Omit<Asked, 'consent' | 'isReply' | 'eventAt' | 'rootEventId'>,
): Asked {
  const { view, facts, sender, address, place, replyTo } = known;
  const event = eventOf(view);
  const rootEventId = rootEventOf(view);
  const isReply = rules.isTheOneReply({
    reply: replyTo,
    eventAt: event.at,
    eventId: rootEventId,
    sender: sender.number,
    reaches: (number) =>
      known.senders.some((one) => one.number === number && reaches(one, place.country, locate)),
    address,
    messages: facts.messages,
    now: view.now,
  });
  return { ...known, consent: rules.activeConsent(facts, address), isReply, eventAt: event.at, rootEventId };
}

/** The requirements in the table's order; null when all are met. */
function unmetRequirement(locate: LocateNumber, asked: Asked, policy: StepPolicy): Verdict | null {
  const { view, facts, project, sender, address, consent, isReply } = asked;
  if (facts.optOuts.some((one) => one.channel === 'sms' && one.address === address)) return skip('opted_out');
  if (consent === null && !isReply) return skip('no_consent');
  if (isStale(asked)) return skip('stale');
  if (rules.isSendingStopped(facts)) return hold(asked, 'sending_stopped');
  if (facts.isSmsHeld) return hold(asked, 'opt_out_doubt');
  const isReachedBy = (one: Sender) => reaches(one, asked.place.country, locate);
  const country = rules.countryVerdict(asked.place.country, project, {
    sender: isReachedBy(sender),
    any: asked.senders.some(isReachedBy),
  });
  if (country === 'no_route') return skip('no_route');
  if (country === 'country_off') return countryOff(asked);
  if (facts.blocks.some((one) => one.sender === sender.number && one.address === address)) {
    return blocked(view, policy, sender);
  }
  const cause = { causeId: asked.rootEventId, runId: view.runId, now: view.now, channel: 'sms' } as const;
  if (isCaused(view) && rules.hasSentForCause(facts, cause)) return skip('same_cause');
  const { flowId } = view;
  if (isAgain(view) && flowId !== null && rules.isOverRepeats(facts, flowId, view.now)) return skip('cap');
  if (isReply) return null;
  const reserved = asked.isReminder ? 0 : rules.reservedReminders(facts, view.now);
  if (rules.isOverCap(facts, consent, project, view.now, reserved)) return skip('cap');
  if (rules.isOverAllChannels(facts, project, view.now, reserved)) return skip('cap');
  if (rules.isOverDailyLimit(facts, { address, locate, now: view.now })) return skip('cap');
  return quietHours(locate, asked);
}

/** R47: the age of what is held runs on over pauses, closed doors and clocks that were moved. */
function isStale({ view: { heldSince, now }, stalestMs }: Asked): boolean {
  return heldSince !== null && now.getTime() - heldSince.getTime() > stalestMs;
}

function quietHours(locate: LocateNumber, { facts, address, view, stalestMs }: Asked): Verdict | null {
  const until = rules.quietUntil({ facts, address, locate, now: view.now });
  if (until === null) return null;
  const since = (view.heldSince ?? view.now).getTime();
  if (until.getTime() - since > stalestMs) return skip('stale');
  return { kind: 'hold', reason: 'quiet_hours', until };
}

/** R127: a fan who wrote from a country that is off gets no text; a person may switch it on. */
function countryOff({ view, replyTo }: Asked): Verdict {
  if (replyTo === null) return skip('country_off');
  const row: JsonObject = {
    from: replyTo.address,
    to: replyTo.sender,
    connectionId: replyTo.connectionId,
    body: wordsOf(view),
    reason: 'country_off',
  };
  return { kind: 'skip', reason: 'country_off', writes: [{ writer: inboxWriter, row }] };
}

async function callOf(deps: TextDeps, asked: Asked, body: string): Promise<Verdict> {
  const { view, facts, sender, address, place } = asked;
  const language = languageOf(facts, place.country);
  const rendered = await deps.render({ view, facts, body, language });
  const composed = compose(deps.locate, asked, rendered.body, language);
  return sendCall({
    sender,
    address,
    text: composed.text,
    parts: composed.parts,
    class: asked.isReply ? 'reply' : 'marketing',
    runId: view.runId,
    causeId: asked.rootEventId,
    fanId: facts.fanId,
    hasOptOutWording: composed.hasOptOutWording,
    againFlowId: isAgain(view) ? view.flowId : null,
    credits: smsCredits(asked.project.textPrices, place.country, composed.parts),
    giveUpAt: giveUpAt(asked),
    writes: rendered.writes,
  });
}

/** A provider that is down is tried for a day; what was held overnight, as long as it may wait. */
function giveUpAt({ view, eventAt, stalestMs }: Asked): Date {
  const held = view.heldSince === null ? 0 : view.heldSince.getTime() + stalestMs;
  return new Date(Math.max(eventAt.getTime() + triedMs, held));
}

/** R39, R124: what the system adds: the name, the confirmation of an opt-in, the way out. */
function compose(
  locate: LocateNumber,
  asked: Asked,
  body: string,
  language: string,
): ComposedText & { hasOptOutWording: boolean } {
  const { facts, consent, project, view } = asked;
  const pack = packFor(asked.place.country);
  const owesConfirmation = consent !== null && !rules.isConfirmed(facts, consent, view.now);
  const perMonth = Math.min(consent?.perMonth ?? project.monthlyCap, project.monthlyCap);
  // Without consent the one reply holds only what was asked for and who we are (R94).
  const isOptOutDue = consent !== null && !owesConfirmation && rules.isOptOutDue(facts, view.now, pack);
  const composed = composeText({
    programme: project.programme,
    body,
    language,
    joined: owesConfirmation ? { perMonth } : null,
    isOptOutDue,
    mustCarry: consent !== null && pack.everyText.contact ? project.contact : null,
    isFromLastNight: isFromLastNight(locate, asked),
  });
  return { ...composed, hasOptOutWording: owesConfirmation || isOptOutDue };
}

/** S8: the fan wrote in the night, and the answer had to wait for the morning: the first text only (S7). */
function isFromLastNight(locate: LocateNumber, { facts, address, view, eventAt, ...asked }: Asked): boolean {
  if (asked.isReply || asked.replyTo === null || view.heldSince === null) return false;
  if (facts.messages.some((one) => one.channel === 'sms' && one.causeId === asked.rootEventId)) return false;
  const isOfToday = view.now.getTime() - eventAt.getTime() < 24 * hourMs;
  return isOfToday && rules.quietUntil({ facts, address, locate, now: eventAt }) !== null;
}

function blocked(view: ItemView, policy: StepPolicy, sender: Sender): Verdict {
  if (policy.onUnmet === 'skip') return skip('provider_block');
  const hours = Math.min(policy.deadlineHours ?? blockedHours, blockedHours);
  return {
    kind: 'defer',
    reason: 'provider_block',
    deadlineAt: new Date(view.now.getTime() + hours * hourMs),
    promise: `${view.runId ?? view.id}:${view.position}:text`,
    waitingFor: `START to ${sender.number}`,
  };
}

/** Until a gate moves; looked at again when it has waited as long as any text may. */
function hold({ view: { heldSince, now }, stalestMs }: Asked, reason: string): Verdict {
  const until = new Date((heldSince ?? now).getTime() + stalestMs + 1);
  return { kind: 'hold', reason, until };
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}

/** Everything a text rests on; a deferred text is bound to its flow as the run is. */
function textGates(view: ItemView, facts: FanFacts): GateRead[] {
  const keys = [gateKeys.project, gateKeys.sms(facts.fanId), gateKeys.sent(facts.fanId)];
  if (view.flowId !== null) keys.push(gateKeys.flow(view.flowId), gateKeys.flowDeleted(view.flowId));
  return keys.flatMap((key) => facts.gates.get(key) ?? []);
}

function replyOf(data: JsonObject): ReplyTo | null {
  const reply = data['reply'];
  // As: put there by the inbound admission.
  return reply === undefined ? null : (reply as unknown as ReplyTo);
}

/** What the fan wrote; empty where no text of theirs began this. */
function wordsOf({ data }: ItemView): string {
  const event = data['event'] as { subject?: JsonObject } | undefined; // the engine's own
  const text = event?.subject?.['text'];
  return typeof text === 'string' ? text : '';
}

/** The fan had been in this flow before. */
function isAgain({ data }: ItemView): boolean {
  return data['again'] === true;
}
