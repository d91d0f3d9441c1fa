import { writeAudit } from '#accounts/audit.ts';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { decodeCursor, encodeCursor } from '#lib/cursor.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import { createArtist, getArtist, listArtists, updateArtist, type Page } from './artists.ts';
import { removeArtwork, setArtwork } from './artwork.ts';
import * as contract from './contract.ts';
import { cancelRelease, createRelease, getRelease, listReleases, updateRelease } from './releases.ts';
import { countSaves } from './count-saves.ts';
import { readWatch } from './watch/read-watch.ts';

export interface ReleaseDeps {
  db: Db;
  clock: DomainClock;
}

export function releaseRoutes(deps: ReleaseDeps): Route[] {
  return [...artistRoutes(deps), ...worksRoutes(deps), ...artworkRoutes(deps)];
}

function artistRoutes({ db, clock }: ReleaseDeps): Route[] {
  return [
    route(contract.listArtists, async ({ projectId, query: { limit, cursor, q } }) =>
      withCursor(await listArtists(db, projectId, { limit, cursor: decodeCursor(cursor), q })),
    ),
    route(contract.createArtist, async ({ projectId, body, caller }) => {
      const artist = await createArtist(db, projectId, body, clock.now(projectId));
      await audit(db, caller, 'artist.created', `artist:${artist.id}`, undefined, artist);
      return artist;
    }),
    route(contract.getArtist, async ({ projectId, params }) => ({
      ...(await getArtist(db, projectId, params.id)),
      ...(await readWatch(db, projectId, params.id)),
    })),
    route(contract.updateArtist, async ({ projectId, params, body, caller }) => {
      const before = await getArtist(db, projectId, params.id);
      const artist = await updateArtist(db, projectId, params.id, body);
      await audit(db, caller, 'artist.edited', `artist:${artist.id}`, before, artist);
      return artist;
    }),
  ];
}

function worksRoutes({ db, clock }: ReleaseDeps): Route[] {
  return [
    route(contract.listReleases, async ({ projectId, query: { cursor, ...filter } }) =>
      withCursor(await listReleases(db, projectId, { ...filter, cursor: decodeCursor(cursor) })),
    ),
    route(contract.createRelease, async ({ projectId, body, caller }) => {
      const input = { ...body, releaseAt: new Date(body.releaseAt) };
      const release = await createRelease(db, projectId, input, clock.now(projectId));
      await audit(db, caller, 'release.created', `release:${release.id}`, undefined, release);
      return release;
    }),
    route(contract.getRelease, ({ projectId, params }) => getRelease(db, projectId, params.id)),
    route(contract.updateRelease, async ({ projectId, params, body: { releaseAt, ...change }, caller }) => {
      const before = await getRelease(db, projectId, params.id);
      const moved = releaseAt === undefined ? {} : { releaseAt: new Date(releaseAt) };
      const release = await updateRelease(db, projectId, params.id, { ...change, ...moved });
      await audit(db, caller, 'release.edited', `release:${release.id}`, before, release);
      return release;
    }),
    route(contract.cancelRelease, async ({ projectId, params, caller }) => {
      const release = await cancelRelease(db, projectId, params.id, clock.now(projectId));
      await audit(db, caller, 'release.cancelled', `release:${release.id}`);
      return release;
    }),
  ];
}

function artworkRoutes({ db, clock }: ReleaseDeps): Route[] {
  return [
    route(contract.countReleaseSaves, async ({ projectId, params }) => {
      await getRelease(db, projectId, params.id);
      return { items: await countSaves(db, projectId, params.id) };
    }),
    route(contract.uploadArtwork, async ({ projectId, params, upload, caller }) => {
      // Before the picture is decoded for nothing.
      await getRelease(db, projectId, params.id);
      await setArtwork(db, projectId, params.id, upload, clock.now(projectId));
      await audit(db, caller, 'release.artwork_set', `release:${params.id}`);
      return getRelease(db, projectId, params.id);
    }),
    route(contract.removeArtwork, async ({ projectId, params, caller }) => {
      await removeArtwork(db, projectId, params.id);
      await audit(db, caller, 'release.artwork_removed', `release:${params.id}`);
      return undefined;
    }),
  ];
}

async function audit(
  db: Db,
  { projectId, actor }: Caller,
  action: string,
  subject: string,
  before?: unknown,
  after?: unknown,
): Promise<void> {
  await writeAudit(db, projectId, { actor, action, subject, before, after });
}

/** Callers get a cursor that they cannot mistake for an id. */
function withCursor<T>({ items, nextCursor }: Page<T>): Page<T> {
  return { items, nextCursor: nextCursor === null ? null : encodeCursor(nextCursor) };
}
