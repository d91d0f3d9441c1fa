import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { escapeLike } from '#lib/like.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { artworkOf, type Artwork } from './artwork.ts';
import { checkName, toPage, type Page } from './artists.ts';
import {
  invalid,
  ownerOf,
  readServices,
  servicesOf,
  writeServices,
  type ServiceInput,
  type ServiceLink,
} from './service-links.ts';
import type { ReleaseKind } from './works.ts';

export interface Release {
  id: string;
  title: string;
  artistId: string;
  artistName: string;
  kind: ReleaseKind;
  /** `local`: wall time in each fan's zone, its Z ignored (R57). */
  releaseAt: Date;
  releaseMode: 'global' | 'local';
  upc: string | null;
  /** The artist's own pre-save page at the service, where the app may not serve everyone (R63). */
  countdownUrl: string | null;
  cancelledAt: Date | null;
  artwork: Artwork | null;
  services: ServiceLink[];
}

export interface ReleaseInput {
  title: string;
  artistId: string;
  kind: ReleaseKind;
  releaseAt: Date;
  releaseMode?: 'global' | 'local';
  upc?: string | null;
  countdownUrl?: string | null;
  services: readonly ServiceInput[];
}

export type ReleaseChange = Partial<Omit<ReleaseInput, 'artistId' | 'kind'>>;

/** 422 when the artist is not of this project, or (R21) when a service id is another release's. */
export async function createRelease(
  db: Db,
  projectId: string,
  input: ReleaseInput,
  now: Date,
): Promise<Release> {
  const id = newId();
  const services = readServices(input.services, input.kind);
  await transaction(db, async (tx) => {
    await checkArtist(tx, projectId, input.artistId);
    await sql`
      insert into release (project_id, id, artist_id, title, kind, release_at, release_mode, upc, countdown_url,
                           created_at)
      values (${projectId}, ${id}, ${input.artistId}, ${checkName(input.title, 'title')}, ${input.kind},
              ${input.releaseAt}, ${input.releaseMode ?? 'global'}, ${checkUpc(input.upc ?? null)},
              ${checkUrl(input.countdownUrl ?? null)}, ${now})`.execute(tx);
    await writeServices(tx, 'release', projectId, id, services);
  });
  return getRelease(db, projectId, id);
}

/**
 * Changes a release, moves what waits for its date and wakes everything that rests on it, in one
 * commit. A cancelled release cannot be changed.
 */
export async function updateRelease(
  db: Db,
  projectId: string,
  releaseId: string,
  change: ReleaseChange,
): Promise<Release> {
  await transaction(db, async (tx) => {
    const before = await getRelease(tx, projectId, releaseId);
    if (before.cancelledAt !== null) throw invalid('', 'cancelled', 'This release was cancelled.');
    const after = { ...before, ...withoutUndefined(change) };
    await sql`
      update release set title = ${checkName(after.title, 'title')}, release_at = ${after.releaseAt},
             release_mode = ${after.releaseMode}, upc = ${checkUpc(after.upc)},
             countdown_url = ${checkUrl(after.countdownUrl)}
       where project_id = ${projectId} and id = ${releaseId}`.execute(tx);
    if (change.services !== undefined) {
      await writeServices(tx, 'release', projectId, releaseId, readServices(change.services, before.kind));
    }
    await signal(tx, projectId, [{ key: gateKeys.release(releaseId) }]);
    await moveDeadlines(tx, projectId, releaseId, before.releaseAt, after.releaseAt);
  });
  return getRelease(db, projectId, releaseId);
}

/** Its saves and promises end as `release_cancelled`. Repeating is harmless. */
export async function cancelRelease(
  db: Db,
  projectId: string,
  releaseId: string,
  now: Date,
): Promise<Release> {
  await transaction(db, async (tx) => {
    await getRelease(tx, projectId, releaseId);
    await sql`
      update release set cancelled_at = ${now}
       where project_id = ${projectId} and id = ${releaseId} and cancelled_at is null`.execute(tx);
    await signal(tx, projectId, [{ key: gateKeys.release(releaseId) }]);
  });
  return getRelease(db, projectId, releaseId);
}

/** Throws 404 when the project has no such release. */
export async function getRelease(db: Db, projectId: string, releaseId: string): Promise<Release> {
  const [release] = await readReleases(db, projectId, sql`r.id = ${releaseId}`, 1);
  if (release === undefined) throw new UserError(404, 'not_found', 'There is no such release.');
  return release;
}

/** By an id on a service. */
export async function findReleaseByService(
  db: Db,
  projectId: string,
  service: string,
  serviceId: string,
): Promise<Release | undefined> {
  const where = sql`r.id = ${ownerOf('release', projectId, service, serviceId)}`;
  return (await readReleases(db, projectId, where, 1))[0];
}

/** The one that is out next; undefined: none is announced. Local ones count from where the day begins first. */
export async function findNextRelease(db: Db, projectId: string, now: Date): Promise<Release | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from release
     where project_id = ${projectId} and cancelled_at is null
       and release_at > case when release_mode = 'local' then ${now}::timestamptz - interval '12 hours' else ${now} end
     order by release_at, id limit 1`.execute(db);
  const [next] = rows;
  return next === undefined ? undefined : getRelease(db, projectId, next.id);
}

/** Newest first; `cursor` is the last id of the page before. */
export async function listReleases(
  db: Db,
  projectId: string,
  page: { limit: number; cursor: string | null; artistId?: string | undefined; q?: string | undefined },
): Promise<Page<Release>> {
  const like = `%${escapeLike(page.q ?? '')}%`;
  const where = sql`(${page.cursor}::uuid is null or r.id < ${page.cursor}::uuid)
    and (r.title ilike ${like} or a.name ilike ${like})
    and (${page.artistId ?? null}::uuid is null or r.artist_id = ${page.artistId ?? null}::uuid)`;
  return toPage(await readReleases(db, projectId, where, page.limit + 1), page.limit);
}

interface ReleaseRow extends Omit<Release, 'artwork'> {
  artwork: string | null;
  artworkColour: string | null;
}

async function readReleases(db: Db, projectId: string, where: ReturnType<typeof sql>, limit: number) {
  const { rows } = await sql<ReleaseRow>`
    select r.id, r.title, r.artist_id as "artistId", a.name as "artistName", r.kind, r.release_at as "releaseAt",
           r.release_mode as "releaseMode", r.upc, r.countdown_url as "countdownUrl",
           r.cancelled_at as "cancelledAt", r.artwork, r.artwork_colour as "artworkColour",
           ${servicesOf('release', 'r')} as services
      from release r join artist a on a.project_id = r.project_id and a.id = r.artist_id
     where r.project_id = ${projectId} and ${where}
     order by r.id desc limit ${limit}`.execute(db);
  return rows.map(({ artworkColour, artwork, ...row }): Release => ({
    ...row,
    artwork: artworkOf(artwork, artworkColour),
  }));
}

function withoutUndefined(change: ReleaseChange): Omit<ReleaseChange, 'services'> {
  const { services: _, ...fields } = change;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const dayMs = 86_400_000;

/**
 * A deferred pre-save waits until its release: when that moves, so does the wait. Those with a
 * deadline of their own, away from the release, keep it.
 */
async function moveDeadlines(tx: Tx, projectId: string, releaseId: string, before: Date, after: Date) {
  const shiftMs = after.getTime() - before.getTime();
  if (shiftMs === 0) return;
  const from = new Date(before.getTime() - dayMs);
  const to = new Date(before.getTime() + dayMs);
  await sql`
    update work set deadline_at = deadline_at + ${shiftMs}::float8 * interval '1 millisecond'
     where project_id = ${projectId} and promise like ${`%:presave:${releaseId}%`}
       and deadline_at between ${from} and ${to}`.execute(tx);
}

async function checkArtist(tx: Tx, projectId: string, artistId: string) {
  const { rows } = await sql`
    select 1 from artist where project_id = ${projectId} and id = ${artistId}`.execute(tx);
  if (rows.length === 0) throw invalid('artistId', 'not_found', 'There is no such artist.');
}

function checkUpc(upc: string | null): string | null {
  if (upc === null || /^\d{8,14}$/.test(upc)) return upc;
  throw invalid('upc', 'invalid', 'A UPC has 8 to 14 digits.');
}

function checkUrl(url: string | null): string | null {
  if (url === null || (URL.canParse(url) && new URL(url).protocol === 'https:')) return url;
  throw invalid('countdownUrl', 'invalid', 'A countdown page has an https address.');
}
