import { sql } from 'kysely';
import type { WorkFacts } from '#connectors/connector.ts';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import type { Look } from './due-looks.ts';

const dayMs = 86_400_000;
/** The same title so close together is one release on two services that tell no codes. */
const sameDays = 3;

export interface Found {
  facts: WorkFacts;
  releasedOn: Date;
}

/**
 * Which canonical release a found work is, by what is surest: its id there, its bar code, its recordings,
 * its title and day; made where it is none of the artist's yet (R21, R66). `isNews` false: its recordings
 * are known, as of a reissue or of the album around a single that holds nothing more. The caller holds the artist.
 */
export async function identify(
  tx: Tx,
  look: Look,
  found: Found,
  now: Date,
): Promise<{ releaseId: string; isNews: boolean }> {
  const { facts } = found;
  const known = (await byServiceId(tx, look, facts)) ?? (await byUpc(tx, look, facts));
  if (known !== undefined) return { releaseId: await link(tx, look, known, facts), isNews: true };
  const same = await byRecordings(tx, look, facts);
  if (same !== undefined) {
    // On this very service it has another id already: the same music once more.
    const isAgain = await hasServiceId(tx, look, same);
    return { releaseId: isAgain ? same : await link(tx, look, same, facts), isNews: !isAgain };
  }
  const near = facts.isrcs.length > 0 ? undefined : await byTitle(tx, look, found);
  const releaseId = near ?? (await create(tx, look, found, now));
  return { releaseId: await link(tx, look, releaseId, facts), isNews: true };
}

interface IdRow {
  id: string;
}

async function byServiceId(tx: Tx, { projectId, service }: Look, { item }: WorkFacts) {
  const { rows } = await sql<IdRow>`
    select release_id as id from release_service
     where project_id = ${projectId} and service = ${service} and service_id = ${item.id}`.execute(tx);
  return rows[0]?.id;
}

async function byUpc(tx: Tx, { projectId, artistId, service }: Look, { upc, item }: WorkFacts) {
  if (upc === null) return undefined;
  const { rows } = await sql<IdRow>`
    select r.id from release r
     where r.project_id = ${projectId} and r.artist_id = ${artistId} and ltrim(r.upc, '0') = ltrim(${upc}, '0')
       and r.kind = ${item.kind}
       and not exists (select 1 from release_service s where s.project_id = r.project_id and s.release_id = r.id
                          and s.service = ${service})
     order by r.id limit 1`.execute(tx);
  return rows[0]?.id;
}

/** A release of which every recording here is one that we have seen on it. */
async function byRecordings(tx: Tx, { projectId, artistId }: Look, { isrcs }: WorkFacts) {
  if (isrcs.length === 0) return undefined;
  const { rows } = await sql<IdRow>`
    select release_id as id from seen_work
     where project_id = ${projectId} and artist_id = ${artistId} and release_id is not null
     group by release_id
    having ${isrcs}::text[] <@ (select array_agg(distinct code) from seen_work w, unnest(w.isrcs) code
                                 where w.project_id = ${projectId} and w.artist_id = ${artistId}
                                   and w.release_id = seen_work.release_id)
     order by min(seen_at) limit 1`.execute(tx);
  return rows[0]?.id;
}

async function byTitle(tx: Tx, { projectId, artistId, service }: Look, { facts, releasedOn }: Found) {
  const { rows } = await sql<IdRow>`
    select r.id from release r
     where r.project_id = ${projectId} and r.artist_id = ${artistId} and lower(r.title) = lower(${facts.title})
       and r.kind = ${facts.item.kind}
       and r.release_at between ${new Date(releasedOn.getTime() - sameDays * dayMs)}
                            and ${new Date(releasedOn.getTime() + sameDays * dayMs)}
       and not exists (select 1 from release_service s where s.project_id = r.project_id and s.release_id = r.id
                          and s.service = ${service})
     order by r.release_at limit 1`.execute(tx);
  return rows[0]?.id;
}

async function hasServiceId(tx: Tx, { projectId, service }: Look, releaseId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from release_service
     where project_id = ${projectId} and release_id = ${releaseId} and service = ${service}`.execute(tx);
  return rows.length > 0;
}

async function create(
  tx: Tx,
  { projectId, artistId }: Look,
  { facts, releasedOn }: Found,
  now: Date,
): Promise<string> {
  const id = newId();
  // It is out: nobody waits for the end of a day that has begun somewhere else.
  const releaseAt = new Date(Math.min(releasedOn.getTime(), now.getTime()));
  await sql`
    insert into release (project_id, id, artist_id, title, kind, release_at, release_mode, upc, created_at)
    values (${projectId}, ${id}, ${artistId}, ${facts.title.slice(0, 200)}, ${facts.item.kind}, ${releaseAt},
            'global', ${facts.upc}, ${now})`.execute(tx);
  return id;
}

/** The release has an id on this service from now on; saves that waited for it look again. */
async function link(
  tx: Tx,
  { projectId, service }: Look,
  releaseId: string,
  facts: WorkFacts,
): Promise<string> {
  const { rows } = await sql`
    insert into release_service (project_id, release_id, service, service_id, url)
    values (${projectId}, ${releaseId}, ${service}, ${facts.item.id}, ${facts.url})
    on conflict do nothing returning 1`.execute(tx);
  if (rows.length > 0) await signal(tx, projectId, [{ key: gateKeys.release(releaseId) }]);
  return releaseId;
}
