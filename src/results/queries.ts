import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { firstIdAt } from '#lib/ids.ts';

/** So many runs (`started`, position 0) or outcomes of one kind, of one flow on one day. */
export interface CountRow {
  flowId: string;
  day: string;
  position: number;
  service: string;
  /** `started` or an outcome's status. */
  status: string;
  reason: string;
  count: number;
  credits: number;
}

export interface Range {
  /** First day. */
  from: Date;
  /** Domain time. */
  now: Date;
  /** Real time: ids carry it. */
  wallNow: Date;
}

const dayMs = 24 * 60 * 60_000;
/** The daily counts are at most this old (`schedule.ts`, with room for a slow sweep). */
const staleMs = 15 * 60_000;

export const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/**
 * Counts by flow and day: days that are over come from the daily counts, today from the runs
 * themselves, so that what just happened is in it.
 */
export async function readCounts(
  db: Db,
  projectId: string,
  { from, now, wallNow }: Range,
  flowId: string | null = null,
): Promise<CountRow[]> {
  // Shortly after midnight the day before is not quite counted yet.
  const live = dayOf(new Date(now.getTime() - staleMs));
  // A domain clock only runs ahead: what started on these days was made in at most as much real time.
  const since = firstIdAt(new Date(wallNow.getTime() - dayMs - staleMs));
  const runs = sql`
    select id, flow_id, to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as day from run
     where project_id = ${projectId} and id >= ${since} and started_at >= ${`${live}T00:00:00Z`}
       and (${flowId}::uuid is null or flow_id = ${flowId})`;
  const { rows } = await sql<CountRow>`
    with today as materialized (${runs})
    select flow_id as "flowId", to_char(day, 'YYYY-MM-DD') as day, position, service, status, reason,
           count::int as count, credits::int as credits
      from rollup
     where project_id = ${projectId} and day >= ${dayOf(from)}::date and day < ${live}::date
       and (${flowId}::uuid is null or flow_id = ${flowId})
     union all
    select t.flow_id, t.day, 0, '', 'started', '', count(*)::int, 0 from today t group by 1, 2
     union all
    select t.flow_id, t.day, o.position, o.service, o.status, coalesce(o.reason, ''), count(*)::int,
           sum(o.credits)::int
      from today t join outcome o on o.project_id = ${projectId} and o.run_id = t.id
     group by 1, 2, 3, 4, 5, 6`.execute(db);
  return rows;
}

export interface PlanRow {
  flowId: string;
  /** Ids of the steps that run, or of the draft where none ever did. */
  steps: string[];
}

/** What each flow's positions are now, for names and prices. */
export async function readPlans(db: Db, projectId: string): Promise<PlanRow[]> {
  const { rows } = await sql<PlanRow>`
    select f.id as "flowId", coalesce(jsonb_path_query_array(v.steps, '$[*].step'), '[]') as steps
      from flow f join flow_version v on v.project_id = f.project_id and v.flow_id = f.id
       and v.version = coalesce(f.active_version, f.version)
     where f.project_id = ${projectId} and f.state <> 'deleted'`.execute(db);
  return rows;
}
