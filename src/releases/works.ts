import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { GateRead, NewItem } from '#engine/contract.ts';
import { createLoader } from './loader.ts';

export type ReleaseKind = 'album' | 'track' | 'playlist';

/** A release as steps see it, with the gate that was read in the same moment. */
export interface ReleaseWork {
  id: string;
  artistId: string;
  title: string;
  kind: ReleaseKind;
  releaseAt: Date;
  releaseMode: 'global' | 'local';
  countdownUrl: string | null;
  isCancelled: boolean;
  /** Service → the service's own id. */
  serviceIds: ReadonlyMap<string, string>;
  projectZone: string;
  gate: GateRead;
}

export interface ArtistWork {
  id: string;
  name: string;
  serviceIds: ReadonlyMap<string, string>;
}

export interface Works {
  release(projectId: string, releaseId: string): Promise<ReleaseWork | undefined>;
  artist(projectId: string, artistId: string): Promise<ArtistWork | undefined>;
}

/** Always read anew, many in one statement: a release that moved must never be acted upon by memory. */
export function createWorks(db: Db): Works {
  return {
    release: createLoader((projectId, ids) => readReleases(db, projectId, ids)),
    artist: createLoader((projectId, ids) => readArtists(db, projectId, ids)),
  };
}

type ServiceRows = [service: string, serviceId: string][] | null;

interface ReleaseRow extends Omit<ReleaseWork, 'serviceIds' | 'gate'> {
  services: ServiceRows;
  gateKey: string;
  gateSeq: number | null;
  gateClosed: boolean | null;
}

/** One statement, so that gate and facts are of one snapshot. */
async function readReleases(db: Db, projectId: string, ids: readonly string[]) {
  const { rows } = await sql<ReleaseRow>`
    select r.id, r.artist_id as "artistId", r.title, r.kind, r.release_at as "releaseAt",
           r.release_mode as "releaseMode", r.countdown_url as "countdownUrl",
           r.cancelled_at is not null as "isCancelled", p.zone as "projectZone",
           (select json_agg(json_build_array(s.service, s.service_id)) from release_service s
             where s.project_id = r.project_id and s.release_id = r.id) as services,
           'release:' || r.id as "gateKey", g.seq as "gateSeq", g.closed as "gateClosed"
      from release r
      join project p on p.id = r.project_id
      left join gate g on g.project_id = r.project_id and g.key = 'release:' || r.id
     where r.project_id = ${projectId} and r.id = any(${[...ids]}::uuid[])`.execute(db);
  return new Map(
    rows.map(({ services, gateKey, gateSeq, gateClosed, ...release }): [string, ReleaseWork] => [
      release.id,
      {
        ...release,
        serviceIds: new Map(services),
        gate: { key: gateKey, seq: gateSeq ?? 0, closed: gateClosed ?? false },
      },
    ]),
  );
}

async function readArtists(db: Db, projectId: string, ids: readonly string[]) {
  const { rows } = await sql<{ id: string; name: string; services: ServiceRows }>`
    select a.id, a.name,
           (select json_agg(json_build_array(s.service, s.service_id)) from artist_service s
             where s.project_id = a.project_id and s.artist_id = a.id) as services
      from artist a where a.project_id = ${projectId} and a.id = any(${[...ids]}::uuid[])`.execute(db);
  return new Map(
    rows.map(({ id, name, services }): [string, ArtistWork] => [
      id,
      { id, name, serviceIds: new Map(services) },
    ]),
  );
}

/** Adds items that no run made; whoever has room takes them up at the commit. */
export type InsertItems = (tx: Tx, projectId: string, items: readonly NewItem[]) => Promise<void>;
