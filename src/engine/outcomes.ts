import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Db, type Tx } from '#db/database.ts';
import type { OutcomeStatus, OutcomeView } from './contract.ts';
import type { Item } from './item.ts';
import type { StepResult } from './results.ts';

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
  const inserting = sql`
    insert into outcome as old (project_id, run_id, position, service, status, reason, detail, attempts,
           provider_id, credits, started_at, ended_at, waiting_for, item_id, is_mirror, history)
    select ${projectId}, run_id, position, service, status, reason, detail, attempts, provider_id, credits,
           started_at, ended_at, waiting_for, item_id, is_mirror,
           jsonb_build_array(jsonb_build_object('status', status, 'reason', reason, 'at', at))
      from json_to_recordset(${asJson(rows)}::json) ${columns}
     order by run_id, position, service
    on conflict (project_id, run_id, position, service) do update
      set status = excluded.status, reason = excluded.reason, detail = excluded.detail,
          attempts = old.attempts + excluded.attempts,
          provider_id = coalesce(excluded.provider_id, old.provider_id),
          credits = old.credits + excluded.credits, ended_at = excluded.ended_at,
          waiting_for = excluded.waiting_for, item_id = excluded.item_id, is_mirror = excluded.is_mirror,
          history = old.history || excluded.history, updated_at = now()`;
  await sendOnly(tx, inserting.execute(tx));
}

/** A result as the row it becomes, at domain time `now`. */
export function toOutcome(item: Item, result: StepResult, now: Date): OutcomeRow {
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
