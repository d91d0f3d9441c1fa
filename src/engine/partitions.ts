import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { firstIdAt } from '#lib/ids.ts';

const partitioned = ['event', 'run', 'outcome'] as const;

/** Rows that are changed once or twice find room for it on their own page. */
const storage = { event: '', run: ' with (fillfactor = 80)', outcome: ' with (fillfactor = 90)' };

/**
 * Makes the monthly partitions from last month to `monthsAhead` after this one. There is no default
 * partition: a missing month must be seen (`/readyz`), not filled silently. Safe to repeat and
 * under two processes.
 */
export async function makePartitions(db: Db, now: Date, monthsAhead = 2): Promise<void> {
  for (let month = -1; month <= monthsAhead; month++) {
    const from = monthStart(now, month);
    const to = monthStart(now, month + 1);
    for (const table of partitioned) await makePartition(db, table, from, to);
  }
}

async function makePartition(db: Db, table: (typeof partitioned)[number], from: Date, to: Date) {
  const name = `${table}_${from.toISOString().slice(0, 7).replace('-', '_')}`;
  await sql
    .raw(
      `create table if not exists ${name} partition of ${table}
         for values from ('${firstIdAt(from)}') to ('${firstIdAt(to)}')${storage[table]}`,
    )
    .execute(db)
    .catch((error: unknown) => {
      // Two processes at once: the other made it between the look and the making.
      if (!isAlreadyThere(error)) throw error;
    });
}

function isAlreadyThere(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === '42P07' || code === '23505' || code === '42P17';
}

/** Whether ids made a month from now have a place to go. */
export async function hasNextPartitions(db: Db, now: Date): Promise<boolean> {
  const names = partitioned.map(
    (table) => `${table}_${monthStart(now, 1).toISOString().slice(0, 7).replace('-', '_')}`,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_class where relname = any(${names})`.execute(db);
  return rows[0]?.count === names.length;
}

function monthStart(now: Date, offset: number): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
}

/** Dedupe keys are kept longer than any provider or caller repeats. */
export async function pruneEventKeys(db: Db, olderThanDays = 45): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from event_key where ctid in (
        select ctid from event_key where created_at < now() - ${olderThanDays} * interval '1 day' limit 5000)
      returning 1)
    select count(*)::int as count from gone`.execute(db);
  return rows[0]?.count ?? 0;
}
