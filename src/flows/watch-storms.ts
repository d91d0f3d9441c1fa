import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { firstIdAt } from '#lib/ids.ts';
import { pauseForReason } from './pause-flow.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const windowMs = 10 * minuteMs;
const windowsOfDay = dayMs / windowMs;
/** So many times what is usual is no busy evening any more. */
const factor = 20;
/** Fewer runs in a window are no storm, however quiet a flow usually is. */
const fewest = 500;
/** How far back one looks for what is usual. */
const usualDays = 28;
const actor = 'system';

interface Storm {
  projectId: string;
  flowId: string;
}

/**
 * Pauses a flow that started twenty times more runs in ten minutes than on its busiest day of the last four
 * weeks, on average; its runs under way are held, and it shows the reason until a person starts it again.
 * A flow without a past day has nothing usual yet: budgets (R83) are what stops it. Whoever starts it again
 * has seen it: for a day it is not paused a second time. Repeating it, or two at once, pauses once.
 */
export async function watchStorms(db: Db, clock: DomainClock, wall: WallClock): Promise<void> {
  const now = wall.now();
  // Ids tell when a run was made, in real time: the clock of a test project jumps.
  const since = firstIdAt(new Date(now.getTime() - windowMs));
  const { rows } = await sql<Storm>`
    select f.project_id as "projectId", f.id as "flowId"
      from flow f
      cross join lateral (
        select count(*) as runs from run r
         where r.project_id = f.project_id and r.flow_id = f.id and r.id >= ${since}) fresh
     where f.state = 'active' and fresh.runs >= ${fewest} and fresh.runs >= ${factor} * (
           select max(d.runs)::float8 / ${windowsOfDay} from (
             select sum(u.count) as runs from rollup u
              where u.project_id = f.project_id and u.flow_id = f.id and u.status = 'started'
                and u.day >= (now() - ${usualDays} * interval '1 day')::date and u.day < current_date
              group by u.day) d)
     order by 1, 2`.execute(db);
  for (const storm of rows) {
    await transaction(db, (tx) => pause(tx, storm, clock.now(storm.projectId), now));
  }
}

async function pause(tx: Tx, { projectId, flowId }: Storm, now: Date, wallNow: Date): Promise<void> {
  const { rows } = await sql`
    select 1 from flow where project_id = ${projectId} and id = ${flowId} and state = 'active'
       for update`.execute(tx);
  if (rows.length === 0 || (await wasPausedToday(tx, { projectId, flowId }, wallNow))) return;
  await pauseForReason(tx, projectId, [{ id: flowId, reason: 'storm' }], { now, actor });
}

async function wasPausedToday(tx: Tx, { projectId, flowId }: Storm, wallNow: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from audit_entry
     where project_id = ${projectId} and subject = ${`flow:${flowId}`} and action = 'flow.paused'
       and after->>'reason' = 'storm' and id >= ${firstIdAt(new Date(wallNow.getTime() - dayMs))}
     limit 1`.execute(tx);
  return rows.length > 0;
}
