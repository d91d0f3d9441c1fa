import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { acceptEntries } from './accept.ts';
import type { CausedEvent, Entry, GateRead, LocalWrite, NewItem, OutcomeStatus, Ports } from './contract.ts';
import { settleCredits } from './credits.ts';
import { hasMoved, holdGates, notifyWork } from './gates.ts';
import { addWaits, insertItems } from './insert-items.ts';
import { endIntents, type IntentEnd } from './intents.ts';
import { engineState, type Item, type ItemData } from './item.ts';
import { followItems, insertOutcomes, type OutcomeRow } from './outcomes.ts';
import { runWriters } from './writers.ts';

/** One service's result in a step, with everything that is committed together with it. */
export interface StepResult {
  position: number;
  service: string;
  status: OutcomeStatus;
  reason: string | null;
  detail: string | null;
  providerId: string | null;
  credits: number;
  attempts: number;
  startedAt: Date;
  waitingFor: { what: string; until: string | null; deadlineAt: string } | null;
  writes: readonly LocalWrite[];
  events: readonly CausedEvent[];
  items: readonly NewItem[];
  /** Id of the item that keeps moving this outcome. */
  tracks: string | null;
  intent: IntentEnd | null;
}

export type Next =
  | { kind: 'advance'; position: number }
  | {
      kind: 'park';
      dueAt: Date | null;
      notBefore: Date | null;
      lane: string;
      waitOn: readonly GateRead[];
      attempt: number;
      data: ItemData;
    }
  | { kind: 'end'; state: 'ended' | 'cancelled' };

export interface RecordEntry {
  item: Item;
  results: StepResult[];
  next: Next;
  now: Date;
}

/** What the commit made of a step: writers may have turned `done` into `done: already`. */
export interface Recorded {
  /** False: the lease was lost and nothing of this entry was written. */
  isHeld: boolean;
  outcomes: { position: number; service: string; status: OutcomeStatus; reason: string | null }[];
  /** Runs and items that this entry caused, leased to this process. */
  leased: Item[];
}

/**
 * Commits outcomes: proves the lease, moves the cursor or parks or ends the item, writes outcomes,
 * local effects, settled intents and credits, makes new items and accepts caused events, all in
 * one transaction. An entry whose lease was lost writes nothing at all.
 */
export async function recordEntries(
  tx: Tx,
  ports: Pick<Ports, 'admit' | 'writers'>,
  projectId: string,
  entries: readonly RecordEntry[],
  worker: string | null,
): Promise<Recorded[]> {
  const moved = await holdGates(tx, projectId, entries.flatMap(gatesOf));
  const held = await moveItems(tx, projectId, entries, moved);
  const recorded: Recorded[] = entries.map((entry) => ({
    isHeld: held.has(entry.item.id),
    outcomes: [],
    leased: [],
  }));
  const mine = [...entries.keys()].filter((at) => recorded[at]!.isHeld);
  await settleIntents(
    tx,
    projectId,
    mine.map((at) => entries[at]!),
  );
  await applyWrites(
    tx,
    ports,
    projectId,
    mine.map((at) => entries[at]!),
  );
  await makeItems(
    tx,
    projectId,
    mine.map((at) => entries[at]!),
  );
  await writeOutcomes(
    tx,
    projectId,
    mine.map((at) => entries[at]!),
  );
  for (const at of mine) {
    recorded[at]!.outcomes = entries[at]!.results.map(({ position, service, status, reason }) => ({
      position,
      service,
      status,
      reason,
    }));
  }
  await raiseEvents(tx, ports, projectId, mine, entries, recorded, worker);
  await endRuns(
    tx,
    projectId,
    mine.map((at) => entries[at]!),
  );
  return recorded;
}

function gatesOf(entry: RecordEntry): GateRead[] {
  const gates = entry.results.flatMap((result) => result.items.flatMap((item) => [...(item.waitOn ?? [])]));
  return entry.next.kind === 'park' ? [...gates, ...entry.next.waitOn] : gates;
}

async function moveItems(
  tx: Tx,
  projectId: string,
  entries: readonly RecordEntry[],
  moved: ReadonlySet<string>,
): Promise<Set<string>> {
  const held = new Set<string>();
  const kept = entries.filter((entry) => entry.next.kind !== 'end');
  if (kept.length > 0) {
    const rows = kept.map((entry) => moveRow(entry, moved));
    const updated = await sql<{ id: string }>`
      update work w set position = m.position, state = m.state, worker = case when m.state = 1 then w.worker end,
                        due_at = coalesce(m.due_at, w.due_at), not_before = m.not_before, lane = m.lane,
                        attempt = m.attempt, data = coalesce(m.data, w.data)
        from json_to_recordset(${JSON.stringify(rows)}::json)
             as m(id uuid, lease bigint, worker uuid, position smallint, state smallint, due_at timestamptz,
                  not_before timestamptz, lane text, attempt integer, data jsonb)
       where w.project_id = ${projectId} and w.id = m.id and w.lease = m.lease and w.worker = m.worker and w.state = 1
      returning w.id`.execute(tx);
    for (const row of updated.rows) held.add(row.id);
    await addWaits(tx, projectId, waitsOf(kept, held, moved));
  }
  const ended = entries.filter((entry) => entry.next.kind === 'end');
  if (ended.length > 0) {
    const rows = ended.map(({ item }) => ({ id: item.id, lease: item.lease, worker: item.worker }));
    const deleted = await sql<{ id: string }>`
      delete from work w
       using json_to_recordset(${JSON.stringify(rows)}::json) as m(id uuid, lease bigint, worker uuid)
       where w.project_id = ${projectId} and w.id = m.id and w.lease = m.lease and w.worker = m.worker and w.state = 1
      returning w.id`.execute(tx);
    for (const row of deleted.rows) held.add(row.id);
  }
  return held;
}

function moveRow({ item, next }: RecordEntry, moved: ReadonlySet<string>) {
  const row = { id: item.id, lease: item.lease, worker: item.worker };
  if (next.kind === 'advance') {
    const data = item.data.engine === undefined ? null : { ...item.data, engine: {} };
    return {
      ...row,
      position: next.position,
      state: 1,
      due_at: null,
      not_before: null,
      lane: '',
      attempt: 0,
      data,
    };
  }
  if (next.kind === 'end') throw new Error('an ended item is deleted, not moved');
  const dueAt = hasMoved(moved, next.waitOn) ? '-infinity' : (next.dueAt ?? '-infinity');
  return {
    ...row,
    position: item.position,
    state: 0,
    due_at: dueAt,
    not_before: next.notBefore,
    lane: next.lane,
    attempt: next.attempt,
    data: next.data,
  };
}

function waitsOf(entries: readonly RecordEntry[], held: ReadonlySet<string>, moved: ReadonlySet<string>) {
  return entries.flatMap(({ item, next }) =>
    next.kind === 'park' && held.has(item.id) && !hasMoved(moved, next.waitOn)
      ? next.waitOn.map((gate) => ({ key: gate.key, work_id: item.id }))
      : [],
  );
}

async function settleIntents(tx: Tx, projectId: string, entries: readonly RecordEntry[]) {
  const ends = entries.flatMap((entry) => entry.results.flatMap((result) => result.intent ?? []));
  const ended = await endIntents(tx, projectId, ends);
  await settleCredits(
    tx,
    projectId,
    ends.filter((end) => ended.has(end.id)),
  );
}

async function applyWrites(
  tx: Tx,
  ports: Pick<Ports, 'writers'>,
  projectId: string,
  entries: readonly RecordEntry[],
) {
  const pending = entries.flatMap((entry) =>
    entry.results.flatMap((result) =>
      result.writes.map((write) => ({
        result,
        write,
        fanId: entry.item.fanId,
        runId: entry.item.runId,
        now: entry.now,
      })),
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
async function makeItems(tx: Tx, projectId: string, entries: readonly RecordEntry[]) {
  const wanted = entries.flatMap((entry) =>
    entry.results.flatMap((result) => result.items.map((item) => ({ result, item }))),
  );
  const inserted = await insertItems(
    tx,
    projectId,
    wanted.map(({ item }) => item),
    null,
  );
  inserted.forEach(({ id, promisedBy }, at) => {
    const { result } = wanted[at]!;
    if (result.tracks !== null && result.tracks === wanted[at]!.item.id) result.tracks = promisedBy ?? id;
    if (promisedBy !== null && result.status === 'deferred') result.reason = 'same_promise';
  });
}

async function writeOutcomes(tx: Tx, projectId: string, entries: readonly RecordEntry[]) {
  const own: OutcomeRow[] = [];
  const followed: (OutcomeRow & { itemId: string })[] = [];
  for (const { item, results, now } of entries) {
    for (const result of results) {
      const row = toOutcome(item, result, now);
      if (item.kind === 'run') own.push(row);
      else followed.push({ ...row, itemId: item.id });
    }
  }
  await insertOutcomes(tx, projectId, own);
  await followItems(tx, projectId, followed);
}

function toOutcome(item: Item, result: StepResult, now: Date): OutcomeRow {
  const isOver = result.status !== 'deferred' && result.status !== 'held' && result.status !== 'running';
  return {
    run_id: item.runId ?? item.id,
    position: result.position,
    service: result.service,
    status: result.status,
    reason: result.reason,
    detail: result.detail,
    attempts: result.attempts,
    provider_id: result.providerId,
    credits: result.credits,
    started_at: result.startedAt,
    ended_at: isOver ? now : null,
    waiting_for: result.waitingFor,
    item_id: result.tracks,
    is_mirror: result.reason === 'same_promise',
    at: now,
  };
}

async function raiseEvents(
  tx: Tx,
  ports: Pick<Ports, 'admit'>,
  projectId: string,
  mine: readonly number[],
  entries: readonly RecordEntry[],
  recorded: Recorded[],
  worker: string | null,
) {
  const caused = mine.flatMap((at) =>
    entries[at]!.results.flatMap((result) =>
      result.events.map((event) => ({ at, entry: causedEntry(entries[at]!, result, event) })),
    ),
  );
  if (caused.length === 0) return;
  const accepted = await acceptEntries(
    tx,
    ports,
    projectId,
    caused.map(({ entry }) => entry),
    entries[0]!.now,
    worker,
  );
  const first = caused[0]!;
  recorded[first.at]!.leased.push(...accepted.leased);
}

/** One event a run, step and service: a repeat of the step's work raises nothing new. */
function causedEntry({ item, now }: RecordEntry, result: StepResult, event: CausedEvent): Entry {
  const chain = Array.isArray(item.data['chain']) ? item.data['chain'].map(String) : [];
  const root = item.data['rootEventId'];
  return {
    source: 'step',
    key: `${item.runId ?? item.id}:${result.position}:${result.service}:${event.type}:${event.key ?? ''}`,
    type: event.type,
    fingerprint: '',
    occurredAt: now,
    payload: { fanId: item.fanId, subject: event.subject },
    chain,
    ...(typeof root === 'string' ? { rootEventId: root } : {}),
  };
}

async function endRuns(tx: Tx, projectId: string, entries: readonly RecordEntry[]) {
  const ended = entries.filter(({ item, next }) => item.kind === 'run' && next.kind === 'end');
  for (const [state, group] of Map.groupBy(ended, ({ next }) =>
    next.kind === 'end' ? next.state : 'ended',
  )) {
    await sql`
      update run set state = ${state}, ended_at = ${group[0]!.now}
       where project_id = ${projectId} and id = any(${group.map(({ item }) => item.id)})`.execute(tx);
  }
  // A deferred item's sibling may have waited for its turn (see claim.ts).
  if (entries.some(({ item, next }) => item.kind === 'step' && next.kind === 'end')) await notifyWork(tx);
}

/** The item's data with the engine's own part replaced. */
export function withEngineState(item: Item, change: ReturnType<typeof engineState>): ItemData {
  return { ...item.data, engine: { ...engineState(item), ...change } };
}
