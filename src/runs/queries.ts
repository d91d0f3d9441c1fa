import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { RunState } from './contract.ts';

export interface RunRow {
  id: string;
  flow_id: string;
  flow_version: number;
  fan_id: string;
  event_id: string;
  state: RunState;
  started_at: Date;
  ended_at: Date | null;
  /** Ids of all steps of its version, in order. */
  plan: string[];
}

export interface OutcomeRow {
  run_id: string;
  position: number;
  service: string;
  status: 'running' | 'done' | 'skipped' | 'held' | 'deferred' | 'failed' | 'unknown';
  reason: string | null;
  started_at: Date;
  ended_at: Date | null;
  attempts: number;
  provider_id: string | null;
  credits: number;
  waiting_for: { what: string; until: string | null; deadlineAt: string } | null;
  delivery: { status: string; at: string; reason: string | null } | null;
  is_mirror: boolean;
  history: { status: string; reason: string | null; at: string }[];
}

export interface RunFilter {
  ids?: readonly string[];
  flowId?: string | undefined;
  fanId?: string | undefined;
  eventId?: string | undefined;
  state?: RunState | undefined;
}

/** A run is open while its item is: what people see of it follows from the item and its outcomes. */
const stateOfRun = sql`
  case when r.state <> 'open' then r.state
       when w.id is null or w.cancel is not null then 'cancelled'
       when exists (select 1 from outcome o where o.project_id = r.project_id and o.run_id = r.id
                       and o.position = w.position and o.status = 'held') then 'held'
       when w.state = 1 or exists (select 1 from outcome o where o.project_id = r.project_id and o.run_id = r.id)
       then 'running' else 'queued' end`;

/** Runs of a project, newest first, before the id `before`. */
export async function listRunRows(
  db: Db,
  projectId: string,
  filter: RunFilter,
  page: { before: string | null; limit: number },
): Promise<RunRow[]> {
  const { ids, flowId, fanId, eventId, state } = filter;
  const conditions = [
    sql`r.project_id = ${projectId}`,
    ...(page.before === null ? [] : [sql`r.id < ${page.before}`]),
    ...(ids === undefined ? [] : [sql`r.id = any(${[...ids]})`]),
    ...(flowId === undefined ? [] : [sql`r.flow_id = ${flowId}`]),
    ...(fanId === undefined ? [] : [sql`r.fan_id = ${fanId}`]),
    ...(eventId === undefined ? [] : [sql`r.id in (${runsOfEvent(projectId, eventId)})`]),
    ...(state === undefined ? [] : [sql`${stateOfRun} = ${state}`]),
    // Open runs are few among all that ever were: begin with their items.
    ...(state === undefined || state === 'ended' || state === 'cancelled'
      ? []
      : [sql`r.id in (select id from work where project_id = ${projectId} and kind = 'run')`]),
  ];
  const { rows } = await sql<RunRow>`
    select r.id, r.flow_id, r.fan_id, r.event_id, r.started_at, r.ended_at, ${stateOfRun} as state,
           coalesce(v.version, 0) as flow_version,
           coalesce(jsonb_path_query_array(v.steps, '$[*].step'), '[]') as plan
      from run r
      left join work w on w.project_id = r.project_id and w.id = r.id
      left join flow_version v on v.project_id = r.project_id and v.id = r.flow_version_id
     where ${sql.join(conditions, sql` and `)}
     order by r.id desc limit ${page.limit}`.execute(db);
  return rows;
}

/** An event keeps the runs it opened, for its repeats to be answered with. */
const runsOfEvent = (projectId: string, eventId: string) => sql`
  select jsonb_array_elements_text(result -> 'runs')::uuid from event
   where project_id = ${projectId} and id = ${eventId}`;

export async function listOutcomeRows(
  db: Db,
  projectId: string,
  runIds: readonly string[],
): Promise<OutcomeRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<OutcomeRow>`
    select run_id, position, service, status, reason, started_at, ended_at, attempts, provider_id, credits,
           waiting_for, delivery, is_mirror, history
      from outcome where project_id = ${projectId} and run_id = any(${[...runIds]})
     order by run_id, position, service`.execute(db);
  return rows;
}
