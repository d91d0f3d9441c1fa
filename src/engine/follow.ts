import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import type { Tx } from '#db/database.ts';
import { insertOutcomes, type OutcomeRow } from './outcomes.ts';

/** What a round of one item says to the outcomes that follow it. */
export interface Followed {
  itemId: string;
  /** The item ended: nothing will move its followers any more. */
  isOver: boolean;
  /** A service waits without a line of its own: the line without a service stays for it. */
  isSilent: boolean;
  rows: readonly OutcomeRow[];
  now: Date;
}

interface Follower {
  run_id: string;
  position: number;
  service: string;
  item_id: string;
  is_mirror: boolean;
  started_at: Date;
}

/**
 * Moves every outcome that follows an item: the run's own and the mirrors of later runs. A deferred
 * step that grows into a scheduled one hands its outcomes over to that item. A step deferred before
 * its services were known splits into one line a service, one of them in its place. Three
 * statements at most, however many items.
 */
export async function followItems(tx: Tx, projectId: string, items: readonly Followed[]): Promise<void> {
  const speaking = items.filter((item) => item.rows.length > 0 || item.isOver);
  if (speaking.length === 0) return;
  const ids = speaking.map((item) => item.itemId).sort();
  const { rows } = await sql<Follower>`
    select run_id, position, service, item_id, is_mirror, started_at from outcome
     where project_id = ${projectId} and item_id = any(${ids})
     order by run_id, position, service for no key update`.execute(tx);
  const byItem = Map.groupBy(rows, (row) => row.item_id);
  const plan: Plan = { updates: [], inserts: [], deletes: [] };
  for (const item of speaking) {
    const lines = Map.groupBy(byItem.get(item.itemId) ?? [], (row) => `${row.run_id}/${row.position}`);
    for (const followers of lines.values()) planLine(item, followers, plan);
  }
  await deleteLines(tx, projectId, plan.deletes);
  await moveLines(tx, projectId, plan.updates);
  await insertOutcomes(tx, projectId, plan.inserts);
}

interface Plan {
  updates: (OutcomeRow & { old_service: string })[];
  inserts: OutcomeRow[];
  deletes: Follower[];
}

/** One run's step: its followers (one a service, or one without) against the round's rows. */
function planLine(item: Followed, followers: readonly Follower[], plan: Plan) {
  const open = new Map(followers.map((one) => [one.service, one]));
  const take = (follower: Follower, row: OutcomeRow) => {
    open.delete(follower.service);
    plan.updates.push(moved(item, follower, row));
  };
  const unmatched: OutcomeRow[] = [];
  for (const row of item.rows) {
    const same = open.get(row.service);
    if (same) take(same, row);
    else unmatched.push(row);
  }
  for (const row of unmatched) {
    const unnamed = open.get('');
    // A row without a service speaks for all that are left.
    if (row.service === '') for (const one of open.values()) take(one, { ...row, service: one.service });
    else if (unnamed && !item.isSilent) take(unnamed, row);
    else if (followers[0]) plan.inserts.push(added(item, followers[0], row));
  }
  if (item.isOver) for (const one of open.values()) planLeftover(item, one, followers.length > 1, plan);
}

/** The service is not part of the step any more. */
function planLeftover(item: Followed, follower: Follower, hasOthers: boolean, plan: Plan) {
  if (follower.service === '' && (hasOthers || item.rows.length > 0)) {
    plan.deletes.push(follower);
    return;
  }
  const over = { detail: null, attempts: 0, provider_id: null, credits: 0, waiting_for: null, item_id: null };
  const row = { ...over, status: 'skipped' as const, reason: 'cancelled', ended_at: item.now, at: item.now };
  plan.updates.push(moved(item, follower, { ...follower, ...row }));
}

function moved(item: Followed, follower: Follower, row: OutcomeRow): OutcomeRow & { old_service: string } {
  return { ...added(item, follower, row), old_service: follower.service };
}

function added(item: Followed, follower: Follower, row: OutcomeRow): OutcomeRow {
  return {
    ...row,
    run_id: follower.run_id,
    position: follower.position,
    started_at: follower.started_at,
    is_mirror: follower.is_mirror,
    // What a mirror shows was paid for once, by the run that made the promise.
    credits: follower.is_mirror ? 0 : row.credits,
    item_id: row.item_id ?? (row.ended_at === null && !item.isOver ? item.itemId : null),
  };
}

async function moveLines(tx: Tx, projectId: string, rows: Plan['updates']) {
  if (rows.length === 0) return;
  await sql`
    update outcome o
       set service = n.service, status = n.status, reason = n.reason, detail = n.detail,
           attempts = o.attempts + n.attempts, provider_id = coalesce(n.provider_id, o.provider_id),
           credits = o.credits + n.credits, ended_at = n.ended_at, waiting_for = n.waiting_for,
           item_id = n.item_id, updated_at = now(),
           -- What was looked at and found as it was is no news.
           history = case when o.status = n.status and o.reason is not distinct from n.reason then o.history
             else o.history || jsonb_build_array(
               jsonb_build_object('status', n.status, 'reason', n.reason, 'at', n.at)) end
      from json_to_recordset(${asJson(rows)}::json)
           as n(run_id uuid, position smallint, old_service text, service text, status text, reason text,
                detail text, attempts integer, provider_id text, credits integer, ended_at timestamptz,
                waiting_for jsonb, item_id uuid, at timestamptz)
     where o.project_id = ${projectId} and o.run_id = n.run_id and o.position = n.position
       and o.service = n.old_service`.execute(tx);
}

async function deleteLines(tx: Tx, projectId: string, rows: readonly Follower[]) {
  if (rows.length === 0) return;
  await sql`
    delete from outcome o
     using json_to_recordset(${asJson(rows)}::json) as d(run_id uuid, position smallint, service text)
     where o.project_id = ${projectId} and o.run_id = d.run_id and o.position = d.position
       and o.service = d.service`.execute(tx);
}
