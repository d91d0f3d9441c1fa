import { sql } from 'kysely';
import type { Connection, Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';

export interface ReconcileDeps {
  db: Db;
  connections: Pick<Connections, 'find'>;
  wall: WallClock;
  log: Log;
}

export interface DayCount {
  ourTexts: number;
  ourParts: number;
  theirTexts: number;
  theirParts: number;
}

const dayMs = 24 * 60 * 60_000;
/** A day is counted again until both agree, since a provider counts some texts late. */
const daysBack = 3;

/**
 * R84: compares, for every live connection for texts, the last whole days with what the provider counted. One
 * that cannot be read is tried at the next run; a day that agrees is not asked for again. Repeating it, or two
 * at once, leaves one row a day.
 */
export async function reconcileAll(deps: ReconcileDeps): Promise<void> {
  const { rows } = await sql<{ id: string; createdAt: Date }>`
    select id, created_at as "createdAt" from connection
     where is_live and state not in ('disabled', 'needs_reconnect') order by id`.execute(deps.db);
  for (const { id, createdAt } of rows) {
    try {
      const connection = await deps.connections.find(id);
      if (connection?.sms == null) continue;
      for (const day of await openDays(deps, id, createdAt)) await reconcileDay(deps, connection, day);
    } catch (error) {
      deps.log.warn(
        { err: error, connectionId: id },
        'could not compare texts with what the provider counted',
      );
    }
  }
}

/** Whole days since the connection was made that were not found equal yet. */
async function openDays({ db, wall }: ReconcileDeps, id: string, createdAt: Date): Promise<string[]> {
  const now = wall.now().getTime();
  const days = Array.from({ length: daysBack }, (_, at) => dayOf(new Date(now - (at + 1) * dayMs)));
  const { rows } = await sql<{ day: string }>`
    select to_char(day, 'YYYY-MM-DD') as day from reconciliation
     where connection_id = ${id} and our_texts = their_texts and our_parts = their_parts`.execute(db);
  const agreed = new Set(rows.map(({ day }) => day));
  return days.filter((day) => day >= dayOf(createdAt) && !agreed.has(day));
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Counts one day on both sides and keeps it. Throws what the provider's list throws. */
export async function reconcileDay(
  { db, wall }: Pick<ReconcileDeps, 'db' | 'wall'>,
  { id, sms }: Pick<Connection, 'id' | 'sms'>,
  day: string,
): Promise<DayCount> {
  if (sms === null) throw new Error('only a connection for texts has texts to compare');
  const theirs = await sms.countSent(day);
  const ours = await countOurs(
    db,
    sms.senders.map(({ value }) => value),
    day,
  );
  const count = {
    ourTexts: ours.texts,
    ourParts: ours.parts,
    theirTexts: theirs.texts,
    theirParts: theirs.parts,
  };
  await sql`
    insert into reconciliation (connection_id, day, our_texts, our_parts, their_texts, their_parts, at)
    values (${id}, ${day}, ${count.ourTexts}, ${count.ourParts}, ${count.theirTexts}, ${count.theirParts}, ${wall.now()})
    on conflict (connection_id, day) do update
      set our_texts = excluded.our_texts, our_parts = excluded.our_parts, their_texts = excluded.their_texts,
          their_parts = excluded.their_parts, at = excluded.at`.execute(db);
  return count;
}

/** Texts of all projects that the provider took; one whose end is unknown may be among them or not. */
async function countOurs(db: Db, senders: readonly string[], day: string) {
  const { rows } = await sql<{ texts: number; parts: number }>`
    select count(*)::int as texts, coalesce(sum(m.parts), 0)::int as parts
      from message m join intent i on i.project_id = m.project_id and i.id = m.id
     where m.channel = 'sms' and m.sender = any(${[...senders]}) and i.state in ('open', 'done')
       and m.sent_at >= ${`${day}T00:00:00Z`}::timestamptz
       and m.sent_at < ${`${day}T00:00:00Z`}::timestamptz + interval '1 day'`.execute(db);
  return rows[0] ?? { texts: 0, parts: 0 };
}

export interface ReconciledDay extends DayCount {
  connectionId: string;
  label: string;
  day: string;
}

/** The last two weeks of the connections that are lent to a project, newest first. */
export async function listReconciled(db: Db, projectId: string): Promise<ReconciledDay[]> {
  const { rows } = await sql<ReconciledDay>`
    select c.id as "connectionId", c.label, to_char(r.day, 'YYYY-MM-DD') as day, r.our_texts as "ourTexts",
           r.our_parts as "ourParts", r.their_texts as "theirTexts", r.their_parts as "theirParts"
      from loan l join connection c on c.id = l.connection_id
      join reconciliation r on r.connection_id = c.id
     where l.project_id = ${projectId} and r.day > current_date - 15
     order by r.day desc, c.label, c.id`.execute(db);
  return rows;
}
