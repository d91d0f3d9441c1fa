import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/**
 * When the next text goes that Segue holds back for the fan behind a number: one of a flow, or the message
 * of a release day. Null: none waits.
 */
export async function textWaitsUntil(
  db: Db,
  projectId: string,
  number: string,
  now: Date,
): Promise<Date | null> {
  const { rows } = await sql<{ until: Date | null }>`
    with fan as materialized (
      select fan_id as id from address
       where project_id = ${projectId} and channel = 'sms' and value = ${number})
    select min(waits.until) as until from (
      select w.due_at as until from fan join work w on w.project_id = ${projectId} and w.fan_id = fan.id
       where w.kind = 'send' and w.data ? 'releaseDay' and w.data->>'channel' = 'sms'
       union all
      select (o.waiting_for->>'until')::timestamptz
        from fan join run r on r.project_id = ${projectId} and r.fan_id = fan.id and r.state = 'open'
        join outcome o on o.project_id = r.project_id and o.run_id = r.id
       where o.status = 'held' and o.waiting_for->>'what' = 'quiet_hours') waits
     where waits.until > ${now}`.execute(db);
  return rows[0]?.until ?? null;
}
