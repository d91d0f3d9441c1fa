import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { OutcomeStatus, OutcomeView } from './contract.ts';

export interface OutcomeRow {
  run_id: string;
  position: number;
  service: string;
  status: OutcomeStatus;
  reason: string | null;
  detail: string | null;
  attempts: number;
  provider_id: string | null;
  credits: number;
  started_at: Date;
  ended_at: Date | null;
  waiting_for: unknown;
  item_id: string | null;
  is_mirror: boolean;
  at: Date;
}

const columns = sql`
  as o(run_id uuid, position smallint, service text, status text, reason text, detail text, attempts integer,
       provider_id text, credits integer, started_at timestamptz, ended_at timestamptz, waiting_for jsonb,
       item_id uuid, is_mirror boolean, at timestamptz)`;

/** Writes the outcomes of runs' own steps; what stood there before stays in the history. */
export async function insertOutcomes(tx: Tx, projectId: string, rows: readonly OutcomeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into outcome as old (project_id, run_id, position, service, status, reason, detail, attempts,
           provider_id, credits, started_at, ended_at, waiting_for, item_id, is_mirror, history)
    select ${projectId}, run_id, position, service, status, reason, detail, attempts, provider_id, credits,
           started_at, ended_at, waiting_for, item_id, is_mirror,
           jsonb_build_array(jsonb_build_object('status', status, 'reason', reason, 'at', at))
      from json_to_recordset(${JSON.stringify(rows)}::json) ${columns}
     order by run_id, position, service
    on conflict (project_id, run_id, position, service) do update
      set status = excluded.status, reason = excluded.reason, detail = excluded.detail,
          attempts = old.attempts + excluded.attempts,
          provider_id = coalesce(excluded.provider_id, old.provider_id),
          credits = old.credits + excluded.credits, ended_at = excluded.ended_at,
          waiting_for = excluded.waiting_for, item_id = excluded.item_id, is_mirror = excluded.is_mirror,
          history = old.history || excluded.history, updated_at = now()`.execute(tx);
}

/**
 * Moves every outcome that follows an item: the run's own and the mirrors of later runs. A deferred
 * step that grows into a scheduled save hands its outcomes over to that item. A step deferred
 * before its services were known splits into one entry a service, the first in its place.
 */
export async function followItems(
  tx: Tx,
  projectId: string,
  rows: readonly (OutcomeRow & { itemId: string })[],
): Promise<void> {
  for (const [itemId, group] of Map.groupBy(rows, (row) => row.itemId)) {
    const followers = await sql<{ run_id: string; position: number; service: string; started_at: Date }>`
      select run_id, position, service, started_at from outcome
       where project_id = ${projectId} and item_id = ${itemId} order by run_id, position for update`.execute(
      tx,
    );
    for (const [index, row] of group.entries()) {
      for (const follower of followers.rows) {
        if (index === 0) await moveFollower(tx, projectId, follower, row);
        else {
          const own = { ...row, run_id: follower.run_id, position: follower.position };
          await insertOutcomes(tx, projectId, [{ ...own, is_mirror: false }]);
        }
      }
    }
  }
}

async function moveFollower(
  tx: Tx,
  projectId: string,
  follower: { run_id: string; position: number; service: string },
  row: OutcomeRow & { itemId: string },
) {
  const itemId = row.item_id ?? (row.ended_at === null ? row.itemId : null);
  const step = JSON.stringify([{ status: row.status, reason: row.reason, at: row.at }]);
  await sql`
    update outcome
       set service = ${row.service === '' ? follower.service : row.service}, status = ${row.status},
           reason = ${row.reason}, detail = ${row.detail}, attempts = attempts + ${row.attempts},
           provider_id = coalesce(${row.provider_id}, provider_id), credits = credits + ${row.credits},
           ended_at = ${row.ended_at}, waiting_for = ${row.waiting_for === null ? null : JSON.stringify(row.waiting_for)},
           item_id = ${itemId}, history = history || ${step}::jsonb, updated_at = now()
     where project_id = ${projectId} and run_id = ${follower.run_id}
       and position = ${follower.position} and service = ${follower.service}`.execute(tx);
}

/** Outcomes of runs under way, for steps and templates that look back. */
export async function readOutcomes(
  db: Db,
  projectId: string,
  runIds: readonly string[],
): Promise<Map<string, OutcomeView[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<OutcomeView & { run_id: string }>`
    select run_id, position, service, status, reason from outcome
     where project_id = ${projectId} and run_id = any(${[...runIds]}) order by run_id, position, service`.execute(
    db,
  );
  return new Map(
    [...Map.groupBy(rows, (row) => row.run_id)].map(([runId, group]) => [
      runId,
      group.map(({ position, service, status, reason }) => ({ position, service, status, reason })),
    ]),
  );
}
