import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Connections } from './connections.ts';

export interface ConnectionLoad {
  /** Calls that wait for the provider to take more of them. */
  waiting: number;
  /** Until when nothing is sent, as the provider asked; null: it may be. */
  pause: { until: Date; reason: string } | null;
  /** Fans who signed in through it; null: nobody does. */
  links: { live: number; endingSoon: number; ended: number } | null;
  /** Whom alone the provider lets in; null: everybody. */
  namedTesters: string[] | null;
  /** What it allows a day and how much of that was used on the last day that anything was. */
  allowances: { bucket: string; day: string; used: number; most: number }[];
}

/** A link that ends within so many days is about to be renewed (R58). */
const soonDays = 30;

/** How busy a connection is, and how much is left of what its provider allows. `now` is domain time. */
export async function readLoad(
  { db, connections }: { db: Db; connections: Pick<Connections, 'findFresh'> },
  connectionId: string,
  now: Date,
): Promise<ConnectionLoad> {
  const streaming = (await connections.findFresh(connectionId))?.streaming ?? null;
  const [waiting, pause, links, allowances] = await Promise.all([
    readWaiting(db, connectionId),
    readPause(db, connectionId),
    streaming === null ? null : readLinks(db, connectionId, now),
    readAllowances(db, connectionId),
  ]);
  const testers = streaming?.namedTesters ?? null;
  return { waiting, pause, links, namedTesters: testers && [...testers], allowances };
}

/** A connection has a lane of its own, or one for each of its numbers; all carry its id. */
const lanesOf = (connectionId: string) => sql`select id from lane where id like ${`%${connectionId}%`}`;

async function readWaiting(db: Db, connectionId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from work
     where state = 0 and lane = any(array(${lanesOf(connectionId)}))`.execute(db);
  return rows[0]?.count ?? 0;
}

async function readPause(db: Db, connectionId: string): Promise<ConnectionLoad['pause']> {
  const { rows } = await sql<{ until: Date; reason: string }>`
    select blocked_until as until, coalesce(blocked_reason, '') as reason from lane
     where id = any(array(${lanesOf(connectionId)})) and blocked_until > now()
     order by blocked_until desc limit 1`.execute(db);
  return rows[0] ?? null;
}

async function readLinks(db: Db, connectionId: string, now: Date): Promise<ConnectionLoad['links']> {
  const soon = new Date(now.getTime() + soonDays * 86_400_000);
  const { rows } = await sql<NonNullable<ConnectionLoad['links']>>`
    select (count(*) filter (where state = 'live' and (dies_at is null or dies_at > ${now})))::int as live,
           (count(*) filter (where state = 'live' and dies_at > ${now} and dies_at <= ${soon}))::int as "endingSoon",
           (count(*) filter (where state = 'expired' or (state = 'live' and dies_at <= ${now})))::int as ended
      from streaming_grant where connection_id = ${connectionId}`.execute(db);
  return rows[0] ?? null;
}

async function readAllowances(db: Db, connectionId: string): Promise<ConnectionLoad['allowances']> {
  const { rows } = await sql<ConnectionLoad['allowances'][number]>`
    select distinct on (bucket) bucket, to_char(day, 'YYYY-MM-DD') as day, used::float8 as used, most::float8 as most
      from provider_use where connection_id = ${connectionId} and most is not null
     order by bucket, provider_use.day desc`.execute(db);
  return rows;
}
