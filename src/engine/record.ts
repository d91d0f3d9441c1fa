import type { Tx } from '#db/database.ts';
import type { OutcomeStatus, Ports } from './contract.ts';
import { settleCredits } from './credits.ts';
import { endRuns } from './end-runs.ts';
import { followItems } from './follow.ts';
import { hasMoved, holdGates } from './gates.ts';
import { insertItems } from './insert-items.ts';
import { endIntents, showReports } from './intents.ts';
import { bornLeased, type Item } from './item.ts';
import { holdLeases, moveItems, type Next } from './move-items.ts';
import { must } from './must.ts';
import { insertOutcomes, toOutcome } from './outcomes.ts';
import { raiseEvents } from './raise-events.ts';
import type { StepResult } from './results.ts';
import { runWriters } from './writers.ts';

export interface RecordEntry {
  item: Item;
  results: StepResult[];
  next: Next;
  /** Domain time. */
  now: Date;
}

/** What the commit made of a step: writers may have turned `done` into `done: already`. */
export interface Recorded {
  /** `lost`: nothing of this entry was written. `cancelled`: what was done is written, the item is not ours any more. */
  state: 'held' | 'lost' | 'cancelled';
  outcomes: { position: number; service: string; status: OutcomeStatus; reason: string | null }[];
  /** Runs and items that this entry caused, leased to this process. */
  leased: Item[];
  /** Something became due that nobody holds. */
  hasLeftWork: boolean;
}

/**
 * Commits outcomes: proves the lease, moves the cursor or parks or ends the item, writes outcomes,
 * local effects, settled intents and credits, makes new items and accepts caused events, all in
 * one transaction. An entry whose lease was lost writes nothing at all.
 *
 * `worker` leases what became due at once to that worker; null leaves it open.
 */
export async function recordEntries(
  tx: Tx,
  ports: Pick<Ports, 'admit' | 'writers'>,
  projectId: string,
  entries: readonly RecordEntry[],
  worker: string | null,
): Promise<Recorded[]> {
  const [moved, held] = await Promise.all([
    holdGates(tx, projectId, entries.flatMap(gatesOf)),
    holdLeases(
      tx,
      projectId,
      entries.map((entry) => entry.item),
    ),
  ]);
  const recorded = entries.map((entry) => blank(held.get(entry.item.id)));
  const mine = entries.flatMap((entry, at) => {
    const to = must(recorded[at]);
    if (to.state === 'lost') return [];
    return [{ ...curtailOrCopy(entry, held.get(entry.item.id) ?? null), to }];
  });
  if (mine.length === 0) return recorded;
  await moveItems(tx, projectId, mine, moved);
  const { ended, reported } = await settleIntents(tx, projectId, mine);
  await applyWrites(tx, ports, projectId, mine);
  await makeItems(tx, projectId, mine, moved, worker);
  await writeOutcomes(tx, projectId, mine);
  await showReports(tx, projectId, reported);
  for (const { results, to } of mine) {
    to.outcomes = results.map(({ position, service, status, reason }) => ({
      position,
      service,
      status,
      reason,
    }));
  }
  await raiseEvents(tx, ports, projectId, mine, worker);
  await endRuns(tx, projectId, mine);
  // Last: every text of the project meets in one balance row, which is locked from here on.
  await settleCredits(tx, projectId, ended);
  for (const { item, next, now, to } of mine) {
    // A deferred item's sibling may have waited for its turn (see claim.ts).
    const isSibling = item.kind === 'step' && next.kind !== 'advance';
    if (to.state === 'cancelled' || isSibling || isDue(next, now, moved)) to.hasLeftWork = true;
  }
  return recorded;
}

function isDue(next: Next, now: Date, moved: ReadonlySet<string>): boolean {
  if (next.kind !== 'park') return false;
  return hasMoved(moved, next.waitOn) || (next.dueAt !== null && next.dueAt <= now);
}

export type Mine = RecordEntry & { to: Recorded };

function blank(cancel: string | null | undefined): Recorded {
  const state = cancel === undefined ? 'lost' : cancel === null ? 'held' : 'cancelled';
  return { state, outcomes: [], leased: [], hasLeftWork: false };
}

function curtailOrCopy(entry: RecordEntry, cancel: string | null): RecordEntry {
  return cancel === null ? copy(entry) : curtail(entry, cancel);
}

/** Writers and promises change results; the transaction may run twice. */
function copy(entry: RecordEntry): RecordEntry {
  return { ...entry, results: entry.results.map((one) => ({ ...one })) };
}

/**
 * Cancelled under way: what a call did is recorded with its facts; steps that were only to be
 * written along with it, or promised, are not. Whoever claims the item next ends it.
 */
function curtail(entry: RecordEntry, reason: string): RecordEntry {
  const { item, next } = entry;
  if (next.kind === 'end' && (next.state === 'cancelled' || item.kind !== 'run')) return copy(entry);
  const isOver = next.kind === 'end' || (next.kind === 'advance' && next.position !== item.position);
  const own = entry.results.filter(
    (one) => one.position === item.position && (isOver || one.intent !== null || one.status === 'done'),
  );
  const over: Partial<StepResult> = { status: 'skipped', reason, items: [], tracks: null };
  return {
    ...entry,
    item: isOver ? { ...item, position: item.position + 1 } : item,
    results: own.map((one) => (one.status === 'deferred' ? { ...one, ...over } : { ...one })),
    next: {
      kind: 'park',
      dueAt: null,
      afterMs: null,
      lane: '',
      waitOn: [],
      attempt: 0,
      data: next.kind === 'end' ? item.data : (next.data ?? item.data),
      isSilent: true,
    },
  };
}

function gatesOf(entry: RecordEntry) {
  const gates = entry.results.flatMap((result) => result.items.flatMap((item) => [...(item.waitOn ?? [])]));
  return entry.next.kind === 'park' ? [...gates, ...entry.next.waitOn] : gates;
}

/** Answers with those on which the provider has reported already. */
async function settleIntents(tx: Tx, projectId: string, mine: readonly Mine[]) {
  const ends = mine.flatMap(({ item: { flowId }, results }) =>
    results.flatMap(({ intent }) => (intent === null ? [] : { ...intent, flowId })),
  );
  const ended = await endIntents(tx, projectId, ends);
  return {
    ended: ends.filter((end) => ended.has(end.id)),
    reported: [...ended].flatMap(([id, { isReported }]) => (isReported ? [id] : [])),
  };
}

async function applyWrites(tx: Tx, ports: Pick<Ports, 'writers'>, projectId: string, mine: readonly Mine[]) {
  const pending = mine.flatMap(({ item, now, results }) =>
    results.flatMap((result) =>
      result.writes.map((write) => ({ result, write, fanId: item.fanId, runId: item.runId, now })),
    ),
  );
  if (pending.length === 0) return;
  const answers = await runWriters(tx, ports.writers, projectId, pending);
  pending.forEach(({ result }, at) => {
    const answer = answers[at];
    if (answer?.reason !== undefined) result.reason = answer.reason;
    if (answer?.dropEvents) result.events = [];
  });
}

/** Makes deferred and scheduled items; a promise that is open already is pointed to instead. */
async function makeItems(
  tx: Tx,
  projectId: string,
  mine: readonly Mine[],
  moved: ReadonlySet<string>,
  worker: string | null,
) {
  const wanted = mine.flatMap(({ results, now, to }) =>
    results.flatMap((result) => result.items.map((item) => ({ result, item, now, to }))),
  );
  const first = wanted[0];
  if (first === undefined) return;
  const inserted = await insertItems(
    tx,
    projectId,
    wanted.map(({ item }) => item),
    worker === null ? null : { worker, now: first.now },
    moved,
  );
  inserted.forEach((one, at) => {
    const { result, item, now, to } = must(wanted[at]);
    if (result.tracks !== null && result.tracks === item.id) result.tracks = one.promisedBy ?? one.id;
    if (one.promisedBy !== null && result.status === 'deferred') result.reason = 'same_promise';
    to.leased.push(...bornLeased(projectId, [one], worker));
    if (one.promisedBy === null && !one.isLeased && item.dueAt <= now) to.hasLeftWork = true;
  });
}

async function writeOutcomes(tx: Tx, projectId: string, mine: readonly Mine[]) {
  const isRun = ({ item }: Mine) => item.kind === 'run';
  await insertOutcomes(
    tx,
    projectId,
    mine.filter(isRun).flatMap(({ item, results, now }) => results.map((one) => toOutcome(item, one, now))),
  );
  await followItems(
    tx,
    projectId,
    mine
      .filter((entry) => !isRun(entry))
      .map(({ item, results, next, now }) => ({
        itemId: item.id,
        isOver: next.kind === 'end',
        isSilent: next.kind === 'park' && next.isSilent,
        rows: results.map((one) => toOutcome(item, one, now)),
        now,
      })),
  );
}
