import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';

/** Events read at once. */
const portion = 2_000;

/**
 * Makes deliveries of the events that were recorded since it last looked: behind the hot path's back, so
 * that an event costs nothing where nobody wants to hear of it. One process at a time reads; an event that
 * is read again makes no second delivery. Answers how many events it read; more are waiting when it is
 * as many as a portion.
 */
export async function collectDeliveries(db: Db, marginMs = 1_000): Promise<number> {
  return transaction(db, async (tx) => {
    const cursor = await sql<{ read_to: Date }>`
      select read_to from webhook_cursor for update skip locked`.execute(tx);
    if (cursor.rows[0] === undefined) return 0;
    const horizon = await readHorizon(tx, marginMs);
    const { count, last } = await readEvents(tx);
    await moveCursor(tx, count >= portion ? last : null, horizon);
    return count;
  });
}

/**
 * Up to where everything is there to be read. `accepted_at` is the beginning of a transaction: what began
 * before the oldest one that is still open has ended, and is visible or never will be. A margin less,
 * for one that has begun and does not show yet. Only our own write events: a backup that reads for an hour
 * holds nothing up. As text: a `Date` would cut the microseconds.
 */
async function readHorizon(tx: Tx, marginMs: number): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`
    select (least(now(), min(xact_start)) - make_interval(secs => ${marginMs / 1000}))::text as horizon
      from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
       and (application_name like 'segue%' or application_name = current_setting('application_name'))`.execute(
    tx,
  );
  return rows[0]?.horizon ?? '-infinity';
}

/** With ties: what was accepted together is read together. */
async function readEvents(tx: Tx): Promise<{ count: number; last: string | null }> {
  const { rows } = await sql<{ count: number; last: string | null }>`
    with told as materialized (
      select e.project_id, e.id, e.type, e.fan_id, e.accepted_at from event e
       where e.accepted_at > greatest(
               (select read_to from webhook_cursor),
               (select min(active_since) - interval '1 second' from webhook_endpoint where disabled_at is null))
         and e.project_id in (select project_id from webhook_endpoint where disabled_at is null)
       order by e.accepted_at
       fetch first ${sql.lit(portion)} rows with ties
    ), made as (
      insert into webhook_delivery (project_id, endpoint_id, event_id, type, fan_id)
      select t.project_id, w.id, t.id, t.type, t.fan_id
        from told t
        join webhook_endpoint w on w.project_id = t.project_id and w.disabled_at is null
             and (w.types = '{}' or t.type = any(w.types)) and t.accepted_at >= w.active_since
       order by 1, 2, 3
      on conflict do nothing
    )
    select count(*)::int as count, max(accepted_at)::text as last from told`.execute(tx);
  return rows[0] ?? { count: 0, last: null };
}

/** Not each time: reading a few seconds again costs less than a write a second. */
async function moveCursor(tx: Tx, last: string | null, horizon: string): Promise<void> {
  await sql`
    update webhook_cursor set read_to = c.next
      from (select least(${horizon}::timestamptz, coalesce(${last}::timestamptz, 'infinity')) as next) c
     where c.next > read_to + interval '5 seconds' or (${last}::text is not null and c.next > read_to)`.execute(
    tx,
  );
}

/** Whether anybody wants to hear anything. */
export async function hasEndpoints(db: Db): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from webhook_endpoint where disabled_at is null) as any`.execute(db);
  return rows[0]?.any ?? false;
}
