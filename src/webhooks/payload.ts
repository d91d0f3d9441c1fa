import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { testType } from './contract.ts';

interface EventRow {
  type: string;
  fan_id: string | null;
  source: string;
  subject: Record<string, unknown>;
  result: { runs: string[] };
  occurred_at: Date;
  fan_name: string | null;
  addresses: Record<string, string>;
}

/**
 * What is told of an event, as it leaves: made anew for each attempt, so that no second copy of a fan's
 * address lies about. The event never changes; addresses are those of the moment. Null: the event, or the
 * fan, is no longer there.
 */
export async function writePayload(
  db: Db,
  projectId: string,
  { eventId, type, createdAt }: { eventId: string; type: string; createdAt: Date },
): Promise<string | null> {
  if (type === testType) {
    const data = { eventId, message: 'This is a test. Nothing happened.' };
    return JSON.stringify({ type, timestamp: createdAt.toISOString(), data });
  }
  const { rows } = await sql<EventRow>`
    select e.type, e.fan_id, e.source, e.subject, e.result, e.occurred_at, f.name as fan_name,
           (select coalesce(json_object_agg(a.channel, a.value order by a.created_at, a.value), '{}') from address a
             where a.project_id = e.project_id and a.fan_id = e.fan_id) as addresses
      from event e left join fan f on f.project_id = e.project_id and f.id = e.fan_id
     where e.project_id = ${projectId} and e.id = ${eventId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  const { sms = null, email = null, instagram = null } = row.addresses;
  const fan =
    row.fan_id === null ? null : { id: row.fan_id, name: row.fan_name, phone: sms, email, instagram };
  return JSON.stringify({
    type: row.type,
    timestamp: row.occurred_at.toISOString(),
    data: { eventId, projectId, fan, subject: row.subject, source: row.source, runs: row.result.runs },
  });
}
