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

/** What no index finds: looked for among the newest runs, so many at a time. */
export interface RunSearch {
  status?: string | undefined;
  reason?: string | undefined;
  since?: string | undefined;
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

/** Runs that one search looks at; the next page goes on after them. */
const lookedAt = 4_000;

/**
 * Ids of runs that have an outcome of this kind, newest first: among the next runs before `before` only.
 * `next`: where to go on; null where there is nothing older to look at.
 */
export async function searchRuns(
  db: Db,
  projectId: string,
  filter: RunFilter & RunSearch,
  page: { before: string | null; limit: number },
): Promise<{ ids: string[]; next: string | null }> {
  const { flowId = null, fanId = null, eventId = null, status = null, reason = null, since = null } = filter;
  const { rows } = await sql<{ id: string; isMatch: boolean; isOld: boolean }>`
    select r.id, r.started_at < ${since}::timestamptz is true as "isOld",
           (r.started_at < ${since}::timestamptz is not true
            and (${status}::text is null and ${reason}::text is null or exists (
              select 1 from outcome o where o.project_id = r.project_id and o.run_id = r.id
                 and (${status}::text is null or o.status = ${status})
                 and (${reason}::text is null or o.reason = ${reason})))) as "isMatch"
      from (select * from run
             where project_id = ${projectId} and (${page.before}::uuid is null or id < ${page.before})
               and (${flowId}::uuid is null or flow_id = ${flowId})
               and (${fanId}::uuid is null or fan_id = ${fanId})
               and (${eventId}::uuid is null or event_id = ${eventId})
             order by id desc limit ${lookedAt}) r
     order by r.id desc`.execute(db);
  const matches = rows.filter(({ isMatch }) => isMatch).slice(0, page.limit);
  const last = matches.length === page.limit ? matches.at(-1) : rows.at(-1);
  // Domain clocks only go forward: behind an old run all are older.
  const isOver = last === undefined || last.isOld || (last === rows.at(-1) && rows.length < lookedAt);
  return { ids: matches.map(({ id }) => id), next: isOver ? null : last.id };
}

export interface RunNames {
  runId: string;
  flowName: string;
  fanName: string | null;
  fanAddress: string | null;
}

export async function listRunNames(db: Db, projectId: string, ids: readonly string[]): Promise<RunNames[]> {
  const { rows } = await sql<RunNames>`
    select r.id as "runId", coalesce(f.name, '') as "flowName", n.name as "fanName",
           (select a.value from address a where a.project_id = r.project_id and a.fan_id = r.fan_id
             order by array_position(array['sms', 'email', 'instagram'], a.channel) limit 1) as "fanAddress"
      from run r
      left join flow f on f.project_id = r.project_id and f.id = r.flow_id
      left join fan n on n.project_id = r.project_id and n.id = r.fan_id
     where r.project_id = ${projectId} and r.id = any(${[...ids]})`.execute(db);
  return rows;
}
