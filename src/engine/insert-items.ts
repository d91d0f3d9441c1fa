import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { NewItem } from './contract.ts';

export interface InsertedItem {
  id: string;
  item: NewItem;
  /** The open item that already promises the same; this one was not made. */
  promisedBy: string | null;
}

/**
 * Adds items in one statement, leased to `worker` or open. Items whose promise another open item
 * holds are not made. The gates in `waitOn` must be held by the transaction (`holdGates`).
 */
export async function insertItems(
  tx: Tx,
  projectId: string,
  items: readonly NewItem[],
  worker: string | null,
): Promise<InsertedItem[]> {
  if (items.length === 0) return [];
  const made = distinctPromises(items.map((item) => ({ id: item.id ?? newId(), item })));
  const rows = made.rows.map(({ id, item }) => toRow(id, item));
  await sql`
    insert into work (project_id, id, kind, fan_id, flow_id, flow_version_id, run_id, position, service,
                      priority, state, worker, lease, due_at, deadline_at, promise, data)
    select ${projectId}, id, kind, fan_id, flow_id, flow_version_id, run_id, position, service,
           priority, ${worker === null ? 0 : 1}, ${worker}, ${worker === null ? 0 : 1},
           due_at, deadline_at, promise, data
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as w(id uuid, kind text, fan_id uuid, flow_id uuid, flow_version_id uuid, run_id uuid,
                position smallint, service text, priority smallint, due_at timestamptz,
                deadline_at timestamptz, promise text, data jsonb)
     order by promise, id
    on conflict (project_id, promise) where promise is not null do nothing`.execute(tx);
  const holders = await promiseHolders(tx, projectId, items);
  const inserted = made.all.map(({ id, item }) => {
    const holder = item.promise === undefined ? id : (holders.get(item.promise) ?? id);
    return { id, item, promisedBy: holder === id ? null : holder };
  });
  await insertWaits(tx, projectId, inserted);
  return inserted;
}

function distinctPromises(items: { id: string; item: NewItem }[]) {
  const seen = new Set<string>();
  const rows = items.filter(({ item }) => {
    if (item.promise === undefined) return true;
    if (seen.has(item.promise)) return false;
    seen.add(item.promise);
    return true;
  });
  return { all: items, rows };
}

function toRow(id: string, item: NewItem) {
  return {
    id,
    kind: item.kind,
    fan_id: item.fanId,
    flow_id: item.flowId ?? null,
    flow_version_id: item.flowVersionId ?? null,
    // A run is its own run, so that everything of it is found by one column.
    run_id: item.runId ?? null,
    position: item.position ?? 0,
    service: item.service ?? '',
    priority: item.priority,
    due_at: item.dueAt,
    deadline_at: item.deadlineAt ?? null,
    promise: item.promise ?? null,
    data: item.data,
  };
}

async function promiseHolders(tx: Tx, projectId: string, items: readonly NewItem[]) {
  const promises = items.flatMap((item) => (item.promise === undefined ? [] : [item.promise]));
  if (promises.length === 0) return new Map<string, string>();
  const { rows } = await sql<{ promise: string; id: string }>`
    select promise, id from work where project_id = ${projectId} and promise = any(${promises})`.execute(tx);
  return new Map(rows.map((row) => [row.promise, row.id]));
}

async function insertWaits(tx: Tx, projectId: string, items: readonly InsertedItem[]) {
  const waits = items
    .filter((one) => one.promisedBy === null)
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
      from json_to_recordset(${JSON.stringify(waits)}::json) as w(key text, work_id uuid)
     order by key, work_id
    on conflict do nothing`.execute(tx);
}
