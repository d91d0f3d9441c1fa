import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { firstIdAt } from '#lib/ids.ts';
import type { Happened } from './contract.ts';

/** Runs whose outcomes are counted one by one; those of more are taken from the daily counts. */
const countableRuns = 5_000;

const statuses = ['done', 'skipped', 'held', 'deferred', 'failed', 'unknown'] as const;

/**
 * Ids carry the wall clock, so that each count is one range of a primary key. The outcomes of more than
 * `countable` runs come from counts by whole days (UTC), which lag some minutes.
 */
export async function readHappened(
  db: Db,
  projectId: string,
  since: Date,
  countable = countableRuns,
): Promise<Happened> {
  const from = firstIdAt(since);
  const counts = await readCounts(db, projectId, from);
  const outcomes =
    counts.runs <= countable
      ? await countOutcomes(db, projectId, from)
      : await countOutcomeDays(db, projectId, since);
  return { ...counts, outcomes };
}

async function readCounts(db: Db, projectId: string, from: string) {
  const { rows } = await sql<Omit<Happened, 'outcomes'>>`
    select (select count(*)::int from fan where project_id = ${projectId} and id >= ${from}) as "newFans",
           (select count(*)::int from event where project_id = ${projectId} and id >= ${from}
               and type in ('sms.keyword', 'sms.received') and source not in ('api', 'inbox')) as "textsIn",
           (select count(*)::int from message where project_id = ${projectId} and id >= ${from}) as "messagesOut",
           (select count(*)::int from run where project_id = ${projectId} and id >= ${from}) as runs`.execute(
    db,
  );
  return rows[0] ?? { newFans: 0, textsIn: 0, messagesOut: 0, runs: 0 };
}

interface StatusCount {
  status: string;
  count: number;
}

async function countOutcomes(db: Db, projectId: string, from: string): Promise<Happened['outcomes']> {
  const { rows } = await sql<StatusCount>`
    select status, count(*)::int as count from outcome
     where project_id = ${projectId} and run_id >= ${from} group by status`.execute(db);
  return byStatus(rows);
}

async function countOutcomeDays(db: Db, projectId: string, since: Date): Promise<Happened['outcomes']> {
  const { rows } = await sql<StatusCount>`
    select status, sum(count)::int as count from rollup
     where project_id = ${projectId} and day >= ${since.toISOString().slice(0, 10)}::date group by status`.execute(
    db,
  );
  return byStatus(rows);
}

function byStatus(rows: readonly StatusCount[]): Happened['outcomes'] {
  const counts = new Map(rows.map(({ status, count }) => [status, count]));
  // As: made from all statuses that people read.
  return Object.fromEntries(
    statuses.map((status) => [status, counts.get(status) ?? 0]),
  ) as Happened['outcomes'];
}
