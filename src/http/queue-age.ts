import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/**
 * Seconds since the oldest work that may run now became due. Left out: work that a signal woke, which
 * does not say when, and projects whose clock was moved, where real time says nothing.
 */
export async function queueAgeSeconds(db: Db): Promise<number> {
  const { rows } = await sql<{ age: number | null }>`
    select extract(epoch from now() - min(w.due_at))::float8 as age from work w
     where w.state = 0 and w.due_at > '-infinity' and w.due_at <= now()
       and (w.not_before is null or w.not_before <= now())
       and not exists (select 1 from project_clock c where c.project_id = w.project_id and c.offset_ms > 0)`.execute(
    db,
  );
  return Math.max(0, rows[0]?.age ?? 0);
}
