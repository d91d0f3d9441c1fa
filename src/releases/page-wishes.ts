import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { RetryLater } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { GrantAccess } from './grant-access.ts';
import { beginNextSaves } from './nextsave.ts';
import { releaseDay } from './schedule.ts';
import { addFollowed, markSaves } from './writers.ts';

export interface WishDeps {
  db: Db;
  clocks: DomainClock;
  connections: Connections;
  grantAccess: GrantAccess;
}

/** What a fan asked for on her page, on a service she has linked. */
export interface PageWish {
  projectId: string;
  fanId: string;
  service: string;
  connectionId: string;
  kind: 'release' | 'follow' | 'future';
  targetId: string;
}

export interface WishEvent {
  projectId: string;
  fanId: string;
  type: 'release.presaved' | 'artist.followed' | 'nextsave.opted_in';
  subject: Record<string, string>;
}

/**
 * Does what was ticked where no run does it: a step that waits for this very thing is left to do it,
 * and what is done already is not done again. The release's save becomes an item of its own, a
 * follow is made at once. Returns the event to raise; null: nothing new. Repeating is harmless.
 */
export async function performWish(deps: WishDeps, wish: PageWish): Promise<WishEvent | null> {
  if (wish.kind === 'future') return beginNextSave(deps, wish);
  return wish.kind === 'release' ? requestSave(deps, wish) : followNow(deps, wish);
}

/** R65: the wish itself was stored with the tick; here it begins, once over all linked services. */
async function beginNextSave({ db, clocks }: WishDeps, wish: PageWish): Promise<WishEvent | null> {
  const { projectId, fanId, targetId: artistId } = wish;
  if (await isPromised(db, wish, ['nextsave'])) return null;
  const row = { row: { artistId }, fanId, runId: null, now: clocks.now(projectId) };
  const [answer] = await transaction(db, async (tx) => (await beginNextSaves(tx, projectId, [row])) ?? []);
  return answer?.dropEvents ? null : { projectId, fanId, type: 'nextsave.opted_in', subject: { artistId } };
}

async function requestSave(deps: WishDeps, wish: PageWish): Promise<WishEvent | null> {
  const { db, clocks } = deps;
  const { projectId, fanId, service, targetId } = wish;
  const now = clocks.now(projectId);
  await proveGrant(deps, wish, now);
  return transaction(db, async (tx) => {
    if (await isPromised(tx, wish, ['presave', 'save'])) return null;
    const release = await readRelease(tx, wish);
    if (release === undefined) return null;
    const row = {
      releaseId: targetId,
      service,
      state: 'scheduled',
      renewBy: release.renewBy?.toISOString() ?? null,
    };
    const [answer] = (await markSaves(tx, projectId, [{ row, fanId, runId: null, now }])) ?? [];
    if (answer?.reason === 'already') return null;
    const data = { releaseId: targetId, service, ...(now < release.releaseAt ? { cause: releaseDay } : {}) };
    // Due at once: whoever takes it up reads the release and parks until its moment.
    await sql`
      insert into work (project_id, id, kind, fan_id, service, priority, due_at, promise, data)
      values (${projectId}, ${newId()}, 'save', ${fanId}, ${service}, 2, ${now},
              ${`${fanId}:save:${targetId}:${service}`}, ${JSON.stringify(data)})
      on conflict (project_id, promise) where promise is not null do nothing`.execute(tx);
    await sql`select pg_notify('segue_work', '')`.execute(tx);
    return now < release.releaseAt
      ? { projectId, fanId, type: 'release.presaved', subject: { releaseId: targetId, service } }
      : null;
  });
}

/** R103: nothing is promised on an authorisation that was not seen alive within a day. */
async function proveGrant(deps: WishDeps, wish: PageWish, now: Date): Promise<void> {
  const { db, connections } = deps;
  const { projectId, fanId, service } = wish;
  const yesterday = new Date(now.getTime() - 24 * 60 * 60_000);
  const { rows } = await sql`
    select 1 from streaming_grant where project_id = ${projectId} and fan_id = ${fanId}
       and service = ${service} and proven_at > ${yesterday}`.execute(db);
  if (rows.length > 0) return;
  const client = (await connections.find(wish.connectionId))?.streaming;
  if (!client) throw new RetryLater('the connection is not there');
  await client.probe(deps.grantAccess(projectId, fanId, service));
  await sql`
    update streaming_grant set proven_at = greatest(proven_at, ${now})
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service}`.execute(db);
}

async function readRelease(tx: Tx, { projectId, fanId, service, targetId }: PageWish) {
  const { rows } = await sql<{ releaseAt: Date; renewBy: Date | null }>`
    select r.release_at as "releaseAt", case when g.dies_at <= r.release_at then g.dies_at end as "renewBy"
      from release r
      join streaming_grant g on g.project_id = r.project_id and g.fan_id = ${fanId} and g.service = ${service}
     where r.project_id = ${projectId} and r.id = ${targetId} and r.cancelled_at is null and g.state = 'live'`.execute(
    tx,
  );
  return rows[0];
}

async function followNow(deps: WishDeps, wish: PageWish): Promise<WishEvent | null> {
  const { db, clocks, connections } = deps;
  const { projectId, fanId, service, connectionId, targetId } = wish;
  if (await isPromised(db, wish, ['follow'])) return null;
  const { rows } = await sql<{ serviceId: string }>`
    select service_id as "serviceId" from artist_service
     where project_id = ${projectId} and artist_id = ${targetId} and service = ${service}`.execute(db);
  const client = (await connections.find(connectionId))?.streaming;
  if (rows[0] === undefined) return null;
  if (!client) throw new RetryLater('the connection is not there');
  await client.follow(deps.grantAccess(projectId, fanId, service), rows[0].serviceId, {
    key: `page:${fanId}:${targetId}:${service}`,
  });
  const now = clocks.now(projectId);
  const row = { artistId: targetId, service };
  const [answer] = await transaction(
    db,
    async (tx) => (await addFollowed(tx, projectId, [{ row, fanId, runId: null, now }])) ?? [],
  );
  return answer?.dropEvents ? null : { projectId, fanId, type: 'artist.followed', subject: row };
}

/** Whether a step of a run waits to do it. */
async function isPromised(db: Db | Tx, wish: PageWish, steps: readonly string[]): Promise<boolean> {
  const keys = steps.flatMap((step) => {
    const key = `${wish.fanId}:${step}:${wish.targetId}`;
    return [key, `${key}:${wish.service}`];
  });
  const { rows } = await sql`
    select 1 from work where project_id = ${wish.projectId} and promise = any(${keys}) limit 1`.execute(db);
  return rows.length > 0;
}
