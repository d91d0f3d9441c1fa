import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';

/** What may be tried how often. `key` says who tries what: it is kept as a hash. */
export interface Limit {
  key: string;
  max: number;
  windowMs: number;
}

/**
 * Counts one attempt towards each limit, before it is made, so that many at once are counted, too.
 * Throws 429 with the time to wait once there were more than `max` in a window; all processes count
 * together. Windows that are over are swept away on the way.
 */
export async function countAttempt(db: Db, limits: readonly Limit[], now: Date): Promise<void> {
  const waits = await Promise.all(limits.map((limit) => countOne(db, limit, now)));
  const waitMs = Math.max(...waits);
  if (waitMs <= 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const message = `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
  throw new UserError(429, 'rate_limited', message, { retryAfterSeconds });
}

/** It was the right one: what was counted for this key is forgotten. */
export async function forgetAttempts(db: Db, key: string): Promise<void> {
  await db.deleteFrom('attempt').where('key', '=', hashOf(key)).execute();
}

async function countOne(db: Db, { key, max, windowMs }: Limit, now: Date): Promise<number> {
  const endsAt = new Date(now.getTime() + windowMs);
  const { rows } = await sql<{ count: number; ends_at: Date }>`
    with swept as (
      delete from attempt where key in
        (select key from attempt where ends_at < ${now} and key <> ${hashOf(key)}
          order by ends_at limit 20 for update skip locked))
    insert into attempt (key, count, ends_at) values (${hashOf(key)}, 1, ${endsAt})
    on conflict (key) do update set
      count = case when attempt.ends_at <= ${now} then 1 else attempt.count + 1 end,
      ends_at = case when attempt.ends_at <= ${now} then excluded.ends_at else attempt.ends_at end
    returning count, ends_at`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('an attempt was not counted');
  return row.count > max ? row.ends_at.getTime() - now.getTime() : 0;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
