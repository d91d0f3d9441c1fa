import type { ItemView, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { releaseDay } from '#flows/template-scope.ts';
import { renderTemplate } from '#flows/template.ts';
import { someText } from '#lib/json.ts';
import { planEmail, type EmailDeps } from '#messages/email/plan-email.ts';
import { planText, type LinkedText, type TextDeps } from '#messages/outbound/plan-text.ts';
import type { ReleaseForFan } from '../streaming.ts';
import type { ToldOutcome } from './contract.ts';
import type { ReleaseMessage } from './store.ts';
import { toldWithinMs } from './tell-day.ts';

export interface ToldDeps {
  texts: Omit<TextDeps, 'render'>;
  emails: Omit<EmailDeps, 'render'>;
  message: () => Promise<ReleaseMessage>;
  /** The fan's page for the release, with the rows that a message brings along. */
  link: () => LinkedText;
  artistName: () => Promise<string>;
}

const minuteMs = 60_000;
const farFuture = new Date('9000-01-01T00:00:00.000Z');
/** A save that has not ended by then is told of as one that failed; it may still succeed. */
const patienceMs = 24 * 60 * minuteMs;

/** The release that an item of kind `send` tells of; null: it is another kind. */
export function toldRelease({ data }: ItemView): string | null {
  return someText(data, 'releaseDay');
}

/**
 * The message of a release day for one fan (R110): waits for her own outcome, then has every
 * requirement of a marketing message, and may wait 72 hours for open hours (R47). Changes nothing.
 */
export async function planTold(
  deps: ToldDeps,
  view: ItemView,
  facts: FanFacts,
  release: ReleaseForFan | undefined,
): Promise<Part[]> {
  const only = (verdict: Verdict): Part[] => [{ service: '', verdict, gates: [] }];
  if (release === undefined || release.work.isCancelled) return only(skip('release_cancelled'));
  const { outAt } = release;
  if (view.now < outAt) return only(wait(outAt));
  if (view.now.getTime() > outAt.getTime() + toldWithinMs) return only(skip('stale'));
  const outcome = outcomeOf(facts, release.work.id);
  const age = view.now.getTime() - outAt.getTime();
  if (outcome === 'open' && age < patienceMs) {
    // At night nobody is told, whatever comes of it: looked at again in the morning.
    const held = await send(deps, view, facts, release, 'saved');
    if (held.some(({ verdict }) => verdict.kind === 'hold')) return held;
    // The longer it takes, the rarer it is looked at: a long line must not be asked at every minute.
    return only(wait(new Date(view.now.getTime() + Math.max(minuteMs, age / 2))));
  }
  const channel = someText(view.data, 'channel');
  // R102 gives her one message that day: a reminder goes by text where she agreed to texts.
  if (outcome === 'reminded' && channel !== (hasTexts(facts) ? 'none' : 'email'))
    return only(skip('same_cause'));
  if (outcome === 'none') return only(skip('cancelled'));
  return send(deps, view, facts, release, outcome === 'open' ? 'failed' : outcome);
}

/** Best news first, over all services. */
function outcomeOf(facts: FanFacts, releaseId: string): ToldOutcome | 'open' | 'none' {
  const states = facts.saves.filter((one) => one.releaseId === releaseId).map(({ state }) => state);
  const has = (...wanted: string[]) => states.some((state) => wanted.includes(state));
  if (has('scheduled')) return 'open';
  if (has('verified', 'already')) return 'saved';
  if (has('accepted')) return 'accepted';
  if (has('failed')) return 'failed';
  return has('reminder_set', 'reminded') ? 'reminded' : 'none';
}

function hasTexts({ consents }: FanFacts): boolean {
  return consents.some(({ channel, activeAt }) => channel === 'sms' && activeAt !== null);
}

async function send(
  deps: ToldDeps,
  view: ItemView,
  facts: FanFacts,
  release: ReleaseForFan,
  outcome: ToldOutcome,
): Promise<Part[]> {
  const { text, mail } = await deps.message();
  const isMail = view.data['channel'] === 'email';
  const words = isMail ? mail : text;
  // Taken away meanwhile.
  if (words === null) return [{ service: '', verdict: skip('cancelled'), gates: [] }];
  const artist = await deps.artistName();
  const render: TextDeps['render'] = ({ body, language }) =>
    Promise.resolve(fillWords({ link: deps.link, facts, release, artist, language }, body));
  if (isMail) {
    const email = { subject: mail?.subject ?? '', body: words[outcome], connectionId: null };
    return planEmail({ ...deps.emails, render }, view, facts, email);
  }
  const policy = { onUnmet: 'skip', deadlineHours: null } as const;
  const asked = { body: words[outcome], connectionId: null, stalestMs: toldWithinMs };
  return planText({ ...deps.texts, render }, view, facts, policy, asked);
}

interface Named {
  link: () => LinkedText;
  facts: FanFacts;
  release: ReleaseForFan;
  artist: string;
  language: string;
}

/** The artist's words for this fan; a link that they do not carry is not worth a row. */
export function fillWords({ link, facts, release, artist, language }: Named, source: string): LinkedText {
  const { body: url, writes } = link();
  const { title, projectZone, releaseMode, releaseAt } = release.work;
  const zone = releaseMode === 'local' ? 'UTC' : projectZone;
  const body = renderTemplate(source, {
    fan: { name: facts.name },
    artist: { name: artist },
    release: { title, date: releaseDay(releaseAt, zone, language) },
    links: { connect: url, undo: url },
  });
  return { body, writes: body.includes(url) ? writes : [] };
}

function wait(until: Date): Verdict {
  return {
    kind: 'defer',
    reason: 'scheduled',
    until,
    deadlineAt: farFuture,
    promise: '',
    waitingFor: 'release',
  };
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}
