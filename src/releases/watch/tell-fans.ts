import { sql } from 'kysely';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { AcceptResult, Entry, JsonObject, NewItem } from '#engine/contract.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { InsertItems, ReleaseKind } from '../works.ts';

export interface TellDeps {
  db: Db;
  clock: DomainClock;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  insertItems: InsertItems;
}

interface Detection {
  projectId: string;
  releaseId: string;
  artistId: string;
  releasedOn: string;
  kind: ReleaseKind;
  toldThrough: string | null;
}

/** Fans told in one commit. */
const chunk = 200;
/** Release-day saves give way to what fans do at the moment (`priority.bulk`). */
const bulk = 3;

const definitions: readonly ConnectorDefinition[] = connectors;

/**
 * Tells every fan who wishes for it of what was detected: one event of her own, all of one cause (R66),
 * and one save on each service she has linked (R65). A process that dies goes on where the last chunk
 * was committed; what was told is not told again, since events carry a key and saves are one a release.
 */
export async function tellFans(deps: TellDeps): Promise<void> {
  for (const one of await openDetections(deps.db)) await tellAll(deps, one);
}

async function openDetections(db: Db): Promise<Detection[]> {
  const { rows } = await sql<Detection>`
    select d.project_id as "projectId", d.release_id as "releaseId", d.artist_id as "artistId",
           d.released_on::text as "releasedOn", r.kind, d.told_through as "toldThrough"
      from detection d join release r on r.project_id = d.project_id and r.id = d.release_id
     where d.told_at is null and r.cancelled_at is null
     order by d.detected_at`.execute(db);
  return rows;
}

async function tellAll(deps: TellDeps, news: Detection): Promise<void> {
  const { db, clock } = deps;
  const { projectId, releaseId } = news;
  const root = await deps.accept(projectId, eventOf(deps, news, null, undefined));
  await sql`
    update detection set event_id = ${root.eventId}
     where project_id = ${projectId} and release_id = ${releaseId} and event_id is null`.execute(db);
  let after = news.toldThrough;
  for (;;) {
    const fans = await fansAfter(db, news, after);
    const last = fans.at(-1);
    if (last === undefined) break;
    await Promise.all(fans.map((fanId) => deps.accept(projectId, eventOf(deps, news, fanId, root.eventId))));
    await transaction(db, async (tx) => {
      await addSaves(deps, tx, news, fans, root.eventId);
      await sql`
        update detection set told_through = ${last}
         where project_id = ${projectId} and release_id = ${releaseId}`.execute(tx);
    });
    after = last;
  }
  await sql`
    update detection set told_at = ${clock.now(projectId)}
     where project_id = ${projectId} and release_id = ${releaseId}`.execute(db);
}

/** The event itself, of nobody, and each fan's own. */
function eventOf(
  { clock }: TellDeps,
  { projectId, releaseId, artistId }: Detection,
  fanId: string | null,
  rootEventId: string | undefined,
): Entry {
  return {
    source: 'watcher',
    key: fanId === null ? releaseId : `${releaseId}:${fanId}`,
    type: 'release.detected',
    fingerprint: '',
    occurredAt: clock.now(projectId),
    payload: { fanId, subject: { releaseId, artistId } },
    ...(rootEventId === undefined ? {} : { rootEventId }),
  };
}

/** Never for releases older than the wish (R66); both are days. */
async function fansAfter(db: Db, news: Detection, after: string | null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select fan_id as id from purpose
     where project_id = ${news.projectId} and kind = 'future' and target_id = ${news.artistId}
       and revoked_at is null and (given_at at time zone 'UTC')::date <= ${news.releasedOn}::date
       and (${after}::uuid is null or fan_id > ${after}::uuid)
     order by fan_id limit ${chunk}`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * On every service that can save it and where the artist or the release is known. One whose link ran
 * out has its save too: it is performed when she links again.
 */
async function addSaves(
  { clock, insertItems }: TellDeps,
  tx: Tx,
  { projectId, releaseId, artistId, kind }: Detection,
  fans: readonly string[],
  rootEventId: string,
): Promise<void> {
  const able = definitions.flatMap(({ id, actions }) => (actions.includes(`save-${kind}`) ? [id] : []));
  const now = clock.now(projectId);
  const { rows } = await sql<{ fanId: string; service: string }>`
    insert into save (project_id, fan_id, release_id, service, state, created_at)
    select g.project_id, g.fan_id, ${releaseId}, g.service, 'scheduled', ${now}
      from streaming_grant g
     where g.project_id = ${projectId} and g.fan_id = any(${[...fans]}) and g.state in ('live', 'expired')
       and g.service = any(${able})
       and (exists (select 1 from artist_service a where a.project_id = g.project_id and a.artist_id = ${artistId}
                       and a.service = g.service)
            or exists (select 1 from release_service r where r.project_id = g.project_id
                          and r.release_id = ${releaseId} and r.service = g.service))
     order by g.fan_id, g.service
    on conflict do nothing
    returning fan_id as "fanId", service`.execute(tx);
  const data: JsonObject = { releaseId, rootEventId, chain: [], cause: 'nextsave' };
  const items = rows.map(({ fanId, service }): NewItem => ({
    kind: 'save',
    fanId,
    service,
    priority: bulk,
    dueAt: now,
    promise: `${fanId}:save:${releaseId}:${service}`,
    data: { ...data, service },
  }));
  await insertItems(tx, projectId, items);
}
