import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { NewItem } from './contract.ts';
import { hasMoved, holdGates } from './gates.ts';

export interface InsertedItem {
  id: string;
  item: NewItem;
  /** The open item that already promises the same; this one was not made. */
  promisedBy: string | null;
  /** Made and leased to the worker given. */
  isLeased: boolean;
}

/** What is due now may be leased to this worker in the same commit. */
export interface BornLeased {
  worker: string;
  /** Domain time. */
  now: Date;
}

/**
 * Adds items, open or, where they are due at once, leased. An item whose promise another open item
 * holds is not made. One that waits on a gate which moved since it was read is due at once, so that
 * no wake is lost. `moved` is what `holdGates` said of these gates; absent: they are held here.
 */
export async function insertItems(
  tx: Tx,
  projectId: string,
  items: readonly NewItem[],
  leased: BornLeased | null,
  moved?: ReadonlySet<string>,
): Promise<InsertedItem[]> {
  if (items.length === 0) return [];
  const waitOn = items.flatMap((item) => [...(item.waitOn ?? [])]);
  const isMoved = moved ?? (await holdGates(tx, projectId, waitOn));
  const wanted = items.map((item) => ({ id: item.id ?? newId(), item }));
  const rows = wanted.map(({ id, item }) => toRow(id, item, leased, isMoved));
  const holders = await insertRows(tx, projectId, rows);
  const inserted = wanted.map(({ id, item }, at) => {
    const holder = item.promise === undefined ? id : (holders.get(item.promise) ?? id);
    const isMade = holder === id;
    return { id, item, promisedBy: isMade ? null : holder, isLeased: isMade && rows[at]?.state === 1 };
  });
  await insertWaits(tx, projectId, inserted, isMoved);
  return inserted;
}

type WorkRow = ReturnType<typeof toRow>;

function toRow(id: string, item: NewItem, leased: BornLeased | null, moved: ReadonlySet<string>) {
  const waitOn = item.waitOn ?? [];
  const isWaiting = waitOn.length > 0 && !hasMoved(moved, waitOn);
  const isNow = leased !== null && !isWaiting && item.dueAt <= leased.now;
  return {
    id,
    kind: item.kind,
    fan_id: item.fanId,
    flow_id: item.flowId ?? null,
    flow_version_id: item.flowVersionId ?? null,
    run_id: item.runId ?? null,
    position: item.position ?? 0,
    service: item.service ?? '',
    priority: item.priority,
    state: isNow ? 1 : 0,
    worker: isNow ? leased.worker : null,
    lease: isNow ? 1 : 0,
    due_at: hasMoved(moved, waitOn) ? '-infinity' : item.dueAt,
    deadline_at: item.deadlineAt ?? null,
    promise: item.promise ?? null,
    data: item.data,
  };
}

/**
 * Inserts and says who holds each promise. The holder's row is locked: it cannot end before this
 * transaction has, so that what points to it is moved when it ends. A holder that ended just now
 * leaves its promise to be made again.
 */
async function insertRows(tx: Tx, projectId: string, rows: readonly WorkRow[]): Promise<Map<string, string>> {
  const holders = new Map<string, string>();
  for (const row of rows) {
    if (row.promise !== null && !holders.has(row.promise)) holders.set(row.promise, row.id);
  }
  if (holders.size === 0) {
    // Nothing to be beaten to.
    await sendOnly(tx, insertOnce(tx, projectId, rows));
    return holders;
  }
  let missing = rows.filter((row) => row.promise === null || holders.get(row.promise) === row.id);
  while (missing.length > 0) {
    const made = await insertOnce(tx, projectId, missing);
    missing = missing.filter((row) => !made.has(row.id));
    const promises = missing.flatMap((row) => row.promise ?? []);
    if (promises.length === 0) break;
    const others = await sql<{ promise: string; id: string }>`
      select promise, id from work where project_id = ${projectId} and promise = any(${promises})
       order by id for share`.execute(tx);
    for (const { promise, id } of others.rows) holders.set(promise, id);
    const found = new Set(others.rows.map((row) => row.promise));
    missing = missing.filter((row) => row.promise !== null && !found.has(row.promise));
  }
  return holders;
}

async function insertOnce(tx: Tx, projectId: string, rows: readonly WorkRow[]): Promise<Set<string>> {
  const { rows: made } = await sql<{ id: string }>`
    insert into work (project_id, id, kind, fan_id, flow_id, flow_version_id, run_id, position, service,
                      priority, state, worker, lease, due_at, deadline_at, promise, data)
    select ${projectId}, id, kind, fan_id, flow_id, flow_version_id, run_id, position, service,
           priority, state, worker, lease, due_at, deadline_at, promise, data
      from json_to_recordset(${asJson(rows)}::json)
           as w(id uuid, kind text, fan_id uuid, flow_id uuid, flow_version_id uuid, run_id uuid,
                position smallint, service text, priority smallint, state smallint, worker uuid,
                lease bigint, due_at timestamptz, deadline_at timestamptz, promise text, data jsonb)
     order by promise, id
    on conflict (project_id, promise) where promise is not null do nothing
    returning id`.execute(tx);
  return new Set(made.map((row) => row.id));
}

async function insertWaits(
  tx: Tx,
  projectId: string,
  items: readonly InsertedItem[],
  moved: ReadonlySet<string>,
) {
  const waits = items
    .filter(({ promisedBy, item }) => promisedBy === null && !hasMoved(moved, item.waitOn ?? []))
    .flatMap(({ id, item }) => (item.waitOn ?? []).map((gate) => ({ key: gate.key, work_id: id })));
  await addWaits(tx, projectId, waits);
}

/** Registers what an open item waits on; the gates must be held by the transaction. */
export async function addWaits(
  tx: Tx,
  projectId: string,
  waits: readonly { key: string; work_id: string }[],
) {
  if (waits.length === 0) return;
  await sql`
    insert into waiting (project_id, key, work_id)
    select ${projectId}, key, work_id
      from json_to_recordset(${asJson(waits)}::json) as w(key text, work_id uuid)
     order by key, work_id
    on conflict do nothing`.execute(tx);
}
