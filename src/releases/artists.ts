import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { escapeLike } from '#lib/like.ts';
import {
  invalid,
  ownerOf,
  readServices,
  servicesOf,
  writeServices,
  type ServiceInput,
  type ServiceLink,
} from './service-links.ts';

export interface Artist {
  id: string;
  name: string;
  services: ServiceLink[];
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Makes an artist. 422 (R21) when one of its ids is another artist's of the project. */
export async function createArtist(
  db: Db,
  projectId: string,
  input: { name: string; services: readonly ServiceInput[] },
  now: Date,
): Promise<Artist> {
  const artist: Artist = {
    id: newId(),
    name: checkName(input.name, 'name'),
    services: readServices(input.services, 'artist'),
  };
  await transaction(db, async (tx) => {
    await sql`
      insert into artist (project_id, id, name, created_at)
      values (${projectId}, ${artist.id}, ${artist.name}, ${now})`.execute(tx);
    await writeServices(tx, 'artist', projectId, artist.id, artist.services);
  });
  return artist;
}

/** What is left out stays; `services` replaces all of them. 404 when there is no such artist. */
export async function updateArtist(
  db: Db,
  projectId: string,
  artistId: string,
  change: { name?: string; services?: readonly ServiceInput[] },
): Promise<Artist> {
  await transaction(db, async (tx) => {
    const before = await getArtist(tx, projectId, artistId);
    const name = checkName(change.name ?? before.name, 'name');
    await sql`
      update artist set name = ${name} where project_id = ${projectId} and id = ${artistId}`.execute(tx);
    if (change.services === undefined) return;
    await writeServices(tx, 'artist', projectId, artistId, readServices(change.services, 'artist'));
  });
  return getArtist(db, projectId, artistId);
}

/** Throws 404 when the project has no such artist. */
export async function getArtist(db: Db, projectId: string, artistId: string): Promise<Artist> {
  const [artist] = await readArtists(db, projectId, sql`a.id = ${artistId}`, 1);
  if (artist === undefined) throw new UserError(404, 'not_found', 'There is no such artist.');
  return artist;
}

/** By an id on a service. */
export async function findArtistByService(
  db: Db,
  projectId: string,
  service: string,
  serviceId: string,
): Promise<Artist | undefined> {
  const where = sql`a.id = ${ownerOf('artist', projectId, service, serviceId)}`;
  return (await readArtists(db, projectId, where, 1))[0];
}

/** Newest first; `cursor` is the last id of the page before. */
export async function listArtists(
  db: Db,
  projectId: string,
  page: { limit: number; cursor: string | null; q?: string | undefined },
): Promise<Page<Artist>> {
  const where = sql`(${page.cursor}::uuid is null or a.id < ${page.cursor}::uuid)
    and a.name ilike ${`%${escapeLike(page.q ?? '')}%`}`;
  return toPage(await readArtists(db, projectId, where, page.limit + 1), page.limit);
}

async function readArtists(db: Db, projectId: string, where: ReturnType<typeof sql>, limit: number) {
  const { rows } = await sql<Artist>`
    select a.id, a.name,
           ${servicesOf('artist', 'a')} as services
      from artist a where a.project_id = ${projectId} and ${where}
     order by a.id desc limit ${limit}`.execute(db);
  return rows;
}

/** One row more than the page was read, to know whether there is a next one. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export function checkName(name: string, path: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= 200) return trimmed;
  throw invalid(path, 'invalid', 'Between 1 and 200 characters.');
}
