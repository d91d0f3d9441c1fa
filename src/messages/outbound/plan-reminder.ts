import type {
  Effect,
  EffectResult,
  ItemView,
  JsonObject,
  LocalWrite,
  NewItem,
  Part,
} from '#engine/contract.ts';
import { priority } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { newId } from '#lib/ids.ts';
import { composeText } from '../compose.ts';
import { textsIn } from '../text-catalogue.ts';
import { planText, type LinkedText, type TextDeps } from './plan-text.ts';
import { reminderMs } from './requirements.ts';

const claimedAfterMs = 1_000;

export const remindEffect = 'sms.remind';

/** A release as a reminder of it needs it, read anew at each look. */
export interface RemindedRelease {
  title: string;
  /** The release's moment for this fan. */
  outAt: Date;
  isCancelled: boolean;
  /** The fan's page for it, with the rows that the text brings along. */
  link: () => LinkedText;
  /** The artist's own words to those who are reminded (R110); null: the system's. */
  own: ((language: string) => LinkedText) | null;
}

/**
 * What sends the one text that was promised instead of a pre-save (R102): due when the release is
 * out. It belongs to the fan and the release, not to the flow (R11); a second promise of the same
 * reminder follows the first.
 */
export function reminderItem(input: {
  view: ItemView;
  fanId: string;
  releaseId: string;
  service: string;
  outAt: Date;
}): NewItem & { id: string } {
  const { view, fanId, releaseId, service, outAt } = input;
  return {
    id: newId(),
    kind: 'send',
    fanId,
    runId: view.runId,
    position: view.position,
    service,
    priority: priority.flow,
    // Not at once: an item that is claimed knows the record it follows, one that is born in hand does not.
    dueAt: outAt > view.now ? outAt : new Date(view.now.getTime() + claimedAfterMs),
    promise: `${fanId}:remind:${releaseId}`,
    data: { remind: releaseId },
  };
}

/** The release that an item of kind `send` reminds of; null: it is another kind of answer. */
export function remindedRelease({ data }: ItemView): string | null {
  return typeof data['remind'] === 'string' ? data['remind'] : null;
}

/** In a library: nothing to remind of. */
const savedStates: ReadonlySet<string> = new Set(['verified', 'accepted', 'already']);
const farFuture = new Date('9000-01-01T00:00:00.000Z');

/**
 * Says what is to be done about a reminder: it waits for the release wherever that moves, then has
 * every requirement of a marketing text, but its place among the month's texts is kept (R48) and it
 * may wait 72 hours (R47). Changes nothing.
 */
export async function planReminder(
  deps: Omit<TextDeps, 'render'>,
  view: ItemView,
  facts: FanFacts,
  release: RemindedRelease | undefined,
): Promise<Part[]> {
  const { service } = view;
  const releaseId = remindedRelease(view) ?? '';
  const only = (verdict: Part['verdict']): Part[] => [{ service, verdict, gates: [] }];
  if (release === undefined || release.isCancelled)
    return only({
      kind: 'skip',
      reason: 'release_cancelled',
      writes: [mark(releaseId, service, 'cancelled')],
    });
  const saved = facts.saves.find((one) => one.releaseId === releaseId && savedStates.has(one.state));
  if (saved !== undefined) return only({ kind: 'done', reason: 'already' });
  if (view.now < release.outAt) return only(waiting(release.outAt, 'release'));
  const staleAt = new Date(release.outAt.getTime() + reminderMs);
  if (view.now > staleAt)
    return only({ kind: 'skip', reason: 'stale', writes: [mark(releaseId, service, 'cancelled')] });
  const project = await deps.projects.find(view.projectId);
  const render: TextDeps['render'] = ({ language }) => {
    if (release.own !== null) return Promise.resolve(release.own(language));
    const { body: url, writes } = release.link();
    return Promise.resolve({
      body: reminderWords(project?.programme ?? '', release.title, url, language),
      writes,
    });
  };
  const policy = { onUnmet: 'skip', deadlineHours: null } as const;
  const text = { body: '', connectionId: null, stalestMs: reminderMs, isReminder: true };
  const parts = await planText({ ...deps, render }, view, facts, policy, text);
  return parts.map((part) => ({ ...asReminder(part, releaseId, service), service }));
}

/** Told with the reason it already has, so that the record of the run says `reminder_set` until it is sent. */
function waiting(until: Date, waitingFor: string): Part['verdict'] {
  return { kind: 'defer', reason: 'reminder_set', until, deadlineAt: farFuture, promise: '', waitingFor };
}

function asReminder(part: Part, releaseId: string, service: string): Part {
  const { verdict } = part;
  if (verdict.kind === 'skip')
    return {
      ...part,
      verdict: { ...verdict, writes: [...(verdict.writes ?? []), mark(releaseId, service, 'cancelled')] },
    };
  if (verdict.kind === 'hold')
    return { ...part, verdict: waiting(verdict.until ?? farFuture, verdict.reason) };
  if (verdict.kind !== 'call') return part;
  const payload = { ...verdict.payload, reminded: { releaseId, service } };
  return { ...part, verdict: { ...verdict, effect: remindEffect, payload } };
}

/** The first wording that keeps the text in one part, with the way out in it; else the shortest. */
export function reminderWords(programme: string, title: string, url: string, language: string): string {
  const wordings = [title, cut(title)].flatMap((name) => textsIn(language).released(name, url));
  const isOnePart = (body: string) =>
    composeText({ programme, body, language, isOptOutDue: true }).parts === 1;
  return wordings.find(isOnePart) ?? wordings.at(-1) ?? url;
}

function cut(title: string): string {
  const longest = 40;
  return title.length <= longest ? title : `${title.slice(0, longest - 3).trimEnd()}...`;
}

/** Sends as `send` does; what was promised is then kept. */
export function createRemindEffect(send: Effect): Effect {
  const kept = (result: EffectResult, { reminded }: JsonObject): EffectResult => {
    const { releaseId, service } = reminded as { releaseId: string; service: string }; // our own, sealed in between
    return {
      ...result,
      reason: 'reminded',
      writes: [...(result.writes ?? []), mark(releaseId, service, 'reminded')],
    };
  };
  return {
    ...send,
    perform: async (context, payload) => kept(await send.perform(context, payload), payload),
    async settle(context, payload, since) {
      const found = (await send.settle?.(context, payload, since)) ?? null;
      return found === null ? null : kept(found, payload);
    },
  };
}

function mark(releaseId: string, service: string, state: 'reminded' | 'cancelled'): LocalWrite {
  return { writer: 'save.mark', row: { releaseId, service, state } };
}
