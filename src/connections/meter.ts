import { sql } from 'kysely';
import type { Meter } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';

/** Days before the last one that stay to be looked at. */
const keptDays = 40;

/**
 * Counts what a provider allows a day, over all processes: one statement takes the units or none, so
 * two that ask at once for the last ones cannot both get them. Repeating takes again. Throws where the
 * database is away; nothing is then taken.
 */
export function createMeter(db: Db, connectionId: string): Meter {
  return {
    async take({ bucket, day, units, limit }) {
      if (units > limit) return false;
      const { rows } = await sql<{ used: string; isFirst: boolean }>`
        insert into provider_use as u (connection_id, bucket, day, used, most)
        values (${connectionId}, ${bucket}, ${day}::date, ${units}, ${limit})
        on conflict (connection_id, bucket, day)
          do update set used = u.used + excluded.used, most = excluded.most where u.used + excluded.used <= ${limit}
        returning used, used = ${units} as "isFirst"`.execute(db);
      const [row] = rows;
      // Once a day, by whoever begins it.
      if (row?.isFirst === true) {
        await sql`
          delete from provider_use
           where connection_id = ${connectionId} and bucket = ${bucket} and day < ${day}::date - ${keptDays}::int`.execute(
          db,
        );
      }
      return row !== undefined;
    },
  };
}
