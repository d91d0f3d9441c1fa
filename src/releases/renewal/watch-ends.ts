import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { AcceptResult, Entry, NewItem } from '#engine/contract.ts';
import type { DomainClock } from '#lib/clock.ts';
import { expireGrant } from '../grants.ts';
import type { InsertItems } from '../works.ts';

export interface EndDeps {
  db: Db;
  clock: DomainClock;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  insertItems: InsertItems;
}

interface Ending {
  fanId: string;
  service: string;
  diesAt: Date;
  notices: number;
  /** What the fan waits for, that this authorisation would not live to see; null: nothing. */
  releaseId: string | null;
  artistId: string | null;
}

const dayMs = 86_400_000;
/** R58: when `grant.expiring` is raised, in days before the end. */
const noticeDays = [30, 7, 0] as const;
/** R103: until then the artist's own messages carry the date; then the fan is asked once by itself. */
const askedAtNotice = 2;
const chunk = 200;
/** `priority.bulk`. */
const bulk = 3;

/**
 * Follows every authorisation to its end: raises its notices, asks once for its renewal where a pre-save
 * or NextSave depends on it (R103), and ends it on its day. A repeat raises nothing twice.
 */
export async function watchEnds(deps: EndDeps): Promise<void> {
  for (const projectId of await projectsWithGrants(deps.db)) {
    let count = chunk;
    while (count === chunk) count = await endSome(deps, projectId);
  }
}

async function projectsWithGrants(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from project p where exists (
      select 1 from streaming_grant g where g.project_id = p.id and g.state = 'live' and g.notices < 3
         and g.dies_at is not null) order by id`.execute(db);
  return rows.map(({ id }) => id);
}

async function endSome(deps: EndDeps, projectId: string): Promise<number> {
  const now = deps.clock.now(projectId);
  const ending = await readEnding(deps.db, projectId, now);
  await Promise.all(
    ending.flatMap((one) =>
      raisedBy(one, now).map((days) => deps.accept(projectId, noticeOf(one, days, now))),
    ),
  );
  await transaction(deps.db, async (tx) => {
    for (const one of ending) await noteNotices(tx, projectId, one, now);
    await askSome(deps, tx, projectId, ending, now);
  });
  return ending.length;
}

/** How many notices are due by now. */
function dueNotices(diesAt: Date, now: Date): number {
  return noticeDays.filter((days) => now.getTime() >= diesAt.getTime() - days * dayMs).length;
}

/** Of several that are due at once, as after a clock that was moved, only the last is news. */
function raisedBy({ diesAt, notices }: Ending, now: Date): number[] {
  const due = dueNotices(diesAt, now);
  const days = noticeDays[due - 1];
  return due > notices && days !== undefined ? [days] : [];
}

async function readEnding(db: Db, projectId: string, now: Date): Promise<Ending[]> {
  const at = (days: number) => new Date(now.getTime() + days * dayMs);
  const { rows } = await sql<Ending>`
    select g.fan_id as "fanId", g.service, g.dies_at as "diesAt", g.notices,
           s.release_id as "releaseId", coalesce(s.artist_id, p.target_id) as "artistId"
      from streaming_grant g
      left join lateral (
        select s.release_id, r.artist_id from save s
          join release r on r.project_id = s.project_id and r.id = s.release_id
         where s.project_id = g.project_id and s.fan_id = g.fan_id and s.service = g.service
           and s.state = 'scheduled' and s.renew_by is not null and r.cancelled_at is null
         order by r.release_at limit 1) s on true
      left join lateral (
        select p.target_id from purpose p
         where p.project_id = g.project_id and p.fan_id = g.fan_id and p.kind = 'future' and p.revoked_at is null
         order by p.given_at limit 1) p on true
     where g.project_id = ${projectId} and g.state = 'live'
       and ((g.notices = 0 and g.dies_at <= ${at(noticeDays[0])})
         or (g.notices = 1 and g.dies_at <= ${at(noticeDays[1])})
         or (g.notices = 2 and g.dies_at <= ${at(noticeDays[2])}))
     order by g.fan_id, g.service limit ${chunk}`.execute(db);
  return rows;
}

function noticeOf({ fanId, service, diesAt }: Ending, days: number, now: Date): Entry {
  return {
    source: 'grant',
    key: `${fanId}:${service}:${diesAt.toISOString()}:${days}`,
    type: 'grant.expiring',
    fingerprint: '',
    occurredAt: now,
    payload: { fanId, subject: { service, diesAt: diesAt.toISOString(), days } },
  };
}

async function noteNotices(tx: Tx, projectId: string, one: Ending, now: Date): Promise<void> {
  const { fanId, service, diesAt } = one;
  await sql`
    update streaming_grant set notices = ${dueNotices(diesAt, now)}
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service} and dies_at = ${diesAt}`.execute(
    tx,
  );
  if (now >= diesAt) await expireGrant(tx, { projectId, fanId, service });
}

/** Once an authorisation, and only where something depends on it. */
async function askSome(
  { insertItems }: EndDeps,
  tx: Tx,
  projectId: string,
  ending: readonly Ending[],
  now: Date,
): Promise<void> {
  const items: NewItem[] = [];
  for (const { fanId, service, diesAt, releaseId, artistId } of ending) {
    const isTime = dueNotices(diesAt, now) >= askedAtNotice && now < diesAt;
    if (!isTime || artistId === null) continue;
    const { rows } = await sql`
      update streaming_grant set asked_at = ${now}
       where project_id = ${projectId} and fan_id = ${fanId} and service = ${service} and asked_at is null
      returning 1`.execute(tx);
    if (rows.length === 0) continue;
    const data = { renew: service, diesAt: diesAt.toISOString(), releaseId, artistId };
    const promise = `${fanId}:renew:${service}`;
    items.push({ kind: 'send', fanId, priority: bulk, dueAt: now, deadlineAt: diesAt, promise, data });
  }
  await insertItems(tx, projectId, items);
}
