import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { afterCommit, sendOnly, type Db, type Tx } from '#db/database.ts';
import { announceWork } from './announcer.ts';
import type { GateRead } from './contract.ts';

/**
 * Gates close the races between facts and work. A fact that work depends on has a gate; whoever
 * changes the fact moves its gate in the same commit, and whoever acts on the fact holds the gate
 * while committing to act. Guarantee, per project: no intent commits after the commit that closed
 * its gate.
 *
 * Lock order everywhere: gates by key, then work by id. Keys are opaque here.
 */

/** Reads gates without locking; a missing row reads as 0 and open. Read them before the facts. */
export async function readGates(
  db: Db,
  projectId: string,
  keys: readonly string[],
): Promise<Map<string, GateRead>> {
  const wanted = [...new Set(keys)];
  const found = new Map<string, GateRead>(wanted.map((key) => [key, { key, seq: 0, closed: false }]));
  if (wanted.length === 0) return found;
  const { rows } = await sql<GateRead>`
    select key, seq, closed from gate where project_id = ${projectId} and key = any(${wanted})`.execute(db);
  for (const row of rows) found.set(row.key, row);
  return found;
}

/**
 * Locks gates against moving until the transaction ends and returns those that moved since they
 * were read. Rows that do not exist yet are made, since a missing row cannot be locked.
 */
export async function holdGates(tx: Tx, projectId: string, reads: Iterable<GateRead>): Promise<Set<string>> {
  const expected = new Map<string, Set<number>>();
  for (const { key, seq } of reads) {
    const seqs = expected.get(key);
    if (seqs) seqs.add(seq);
    else expected.set(key, new Set([seq]));
  }
  if (expected.size === 0) return new Set();
  const keys = [...expected.keys()].sort();
  const rows = await shareGates(tx, projectId, keys);
  if (rows.length < keys.length) {
    const found = new Set(rows.map((row) => row.key));
    const missing = keys.filter((key) => !found.has(key));
    const made = await createGates(tx, projectId, missing);
    // A row of our own making is held by that already; one that somebody else made meanwhile is not.
    const others = missing.filter((key) => !made.has(key));
    rows.push(...(others.length > 0 ? await shareGates(tx, projectId, others) : []));
    for (const key of made) rows.push({ key, seq: 0 });
  }
  const moved = new Set<string>();
  for (const row of rows) {
    for (const seq of expected.get(row.key) ?? []) if (seq !== row.seq) moved.add(`${row.key}@${seq}`);
  }
  return moved;
}

async function shareGates(tx: Tx, projectId: string, keys: readonly string[]) {
  const { rows } = await sql<{ key: string; seq: number }>`
    select key, seq from gate where project_id = ${projectId} and key = any(${keys})
     order by key for share`.execute(tx);
  return rows;
}

/**
 * Takes gates that the transaction is about to move itself, alone. Always after `holdGates`, so
 * that the order of locks is the same everywhere.
 */
export async function moveGates(tx: Tx, projectId: string, reads: readonly GateRead[]): Promise<Set<string>> {
  const keys = [...new Set(reads.map((read) => read.key))].sort();
  if (keys.length === 0) return new Set();
  const missing = new Set(reads.filter((read) => read.seq === 0).map((read) => read.key));
  if (missing.size > 0) await createGates(tx, projectId, [...missing].sort());
  const { rows } = await sql<{ key: string; seq: number }>`
    select key, seq from gate
     where project_id = ${projectId} and key = any(${keys}) order by key for no key update`.execute(tx);
  const seqOf = new Map(rows.map((row) => [row.key, row.seq]));
  const moved = new Set<string>();
  for (const { key, seq } of reads) if (seqOf.get(key) !== seq) moved.add(`${key}@${seq}`);
  return moved;
}

/** Moves gates that this transaction took with `moveGates`; nothing waits on such gates. */
export async function bumpGates(tx: Tx, projectId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const moving = sql`
    update gate set seq = seq + 1 where project_id = ${projectId} and key = any(${[...keys]})`;
  await sendOnly(tx, moving.execute(tx));
}

/** Whether one of these reads is among what `holdGates` said had moved. */
export function hasMoved(moved: ReadonlySet<string>, reads: readonly GateRead[]): boolean {
  return moved.size > 0 && reads.some((read) => moved.has(`${read.key}@${read.seq}`));
}

async function createGates(tx: Tx, projectId: string, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    insert into gate (project_id, key) select ${projectId}, key from unnest(${keys}::text[]) key
    on conflict do nothing returning key`.execute(tx);
  return new Set(rows.map((row) => row.key));
}

export interface Signal {
  key: string;
  /** Close or open it for good; absent: only say that the fact changed. */
  closed?: boolean;
}

/**
 * Says, in the transaction that changes the facts, that they changed: moves the gates and wakes
 * what waits on them. Repeating it is harmless (work is looked at once more).
 */
export async function signal(tx: Tx, projectId: string, signals: readonly Signal[]): Promise<void> {
  if (signals.length === 0) return;
  const byKey = new Map(signals.map((one) => [one.key, one]));
  const rows = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  await sql`
    insert into gate as g (project_id, key, seq, closed)
    select ${projectId}, s.key, 1, coalesce(s.closed, false)
      from json_to_recordset(${asJson(rows)}::json) as s(key text, closed boolean)
     order by s.key
    on conflict (project_id, key) do update
      set seq = g.seq + 1,
          closed = case when excluded.key = any(${rows.filter((r) => r.closed !== undefined).map((r) => r.key)})
                        then excluded.closed else g.closed end`.execute(tx);
  await wake(tx, projectId, [...byKey.keys()]);
}

/**
 * A statement of its own: it must see what was parked while this transaction waited for the gate.
 * Arrays in place of joins keep it on the indexes whatever the statistics say.
 */
async function wake(tx: Tx, projectId: string, keys: string[]) {
  const { rows } = await sql`
    with woken as (
      select id from work
       where project_id = ${projectId}
         and id = any(array(select work_id from waiting where project_id = ${projectId} and key = any(${keys})))
       order by id for no key update),
    gone as (delete from waiting where project_id = ${projectId} and work_id = any(array(select id from woken))),
    due as (
      update work set due_at = '-infinity', not_before = null
       where project_id = ${projectId} and id = any(array(select id from woken)) and state = 0)
    select 1 from woken limit 1`.execute(tx);
  if (rows.length > 0) await notifyWork(tx);
}

/**
 * Tells idle workers, after this commit, that something is due. Not inside the transaction: a NOTIFY
 * there takes a lock that makes commits go one after the other, each with its own flush to disk.
 */
export async function notifyWork(tx: Tx): Promise<void> {
  if (!afterCommit(tx, announceWork)) await sql`select pg_notify('segue_work', '')`.execute(tx);
}
