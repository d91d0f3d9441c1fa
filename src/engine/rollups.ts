import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';

const lookBackMs = 26 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/**
 * Counts runs (position 0, status `started`) and outcomes by the day (UTC, domain time) on which their runs started, for every day that had
 * an outcome moved in the last `sinceMs` of real time. Days are computed anew as a whole, so a
 * repeat changes nothing and two processes at once agree. Mirrors are counted as outcomes, without
 * credits. Called by a sweep more often than `sinceMs`; the counts outlive their partitions.
 */
export async function rollUp(db: Db, now: Date, sinceMs = lookBackMs): Promise<number> {
  const since = new Date(now.getTime() - sinceMs);
  const { rows } = await sql<{ project_id: string; day: string }>`
    select distinct o.project_id, to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD') as day
      from outcome o join run r on r.project_id = o.project_id and r.id = o.run_id
     where o.updated_at >= ${since} order by 1, 2`.execute(db);
  for (const { project_id, day } of rows) await rollUpDay(db, project_id, day);
  return rows.length;
}

async function rollUpDay(db: Db, projectId: string, day: string): Promise<void> {
  await transaction(db, async (tx) => {
    // Two sweeps of one day go one after the other.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`rollup ${projectId} ${day}`}, 0))`.execute(tx);
    await sql`delete from rollup where project_id = ${projectId} and day = ${day}::date`.execute(tx);
    const from = new Date(`${day}T00:00:00Z`);
    await countOutcomes(tx, projectId, from, new Date(from.getTime() + dayMs));
  });
}

/** Counts everything since then for the first time: for a past that was written at once. */
export async function rollUpSince(tx: Tx, projectId: string, since: Date): Promise<void> {
  await countOutcomes(tx, projectId, since, new Date('9999-01-01T00:00:00Z'));
}

/** Of runs that started in `[from, to)`. */
async function countOutcomes(tx: Tx, projectId: string, from: Date, to: Date): Promise<void> {
  await sql`
    insert into rollup (project_id, day, flow_id, position, service, status, reason, count, credits)
    select o.project_id, (r.started_at at time zone 'UTC')::date, r.flow_id, o.position, o.service, o.status,
           coalesce(o.reason, ''), count(*), sum(o.credits)
      from run r join outcome o on o.project_id = r.project_id and o.run_id = r.id
     where r.project_id = ${projectId} and r.started_at >= ${from} and r.started_at < ${to}
     group by 1, 2, 3, 4, 5, 6, 7
     union all
    select r.project_id, (r.started_at at time zone 'UTC')::date, r.flow_id, 0, '', 'started', '', count(*), 0
      from run r
     where r.project_id = ${projectId} and r.started_at >= ${from} and r.started_at < ${to}
     group by 1, 2, 3`.execute(tx);
}
