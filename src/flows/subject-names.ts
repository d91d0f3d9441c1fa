import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { LruCache } from '#lib/lru-cache.ts';
import type { FlowSubject, SubjectNames } from './template-scope.ts';

export type SubjectNamesReader = (projectId: string, subject: FlowSubject) => Promise<SubjectNames>;

const freshMs = 1_000;

/** Names of what a flow is about, at most a second old: every text of a burst asks the same. */
export function createSubjectNames(db: Db): SubjectNamesReader {
  const cache = new LruCache<string, { readAtMs: number; names: Promise<SubjectNames> }>(2_000);
  return (projectId: string, subject: FlowSubject): Promise<SubjectNames> => {
    const key = `${projectId}/${subject.releaseId ?? ''}/${subject.artistId ?? ''}`;
    const nowMs = performance.now();
    const known = cache.getOrMake(key, () => ({ readAtMs: nowMs, names: read(db, projectId, subject) }));
    if (nowMs - known.readAtMs > freshMs) {
      known.readAtMs = nowMs;
      known.names = read(db, projectId, subject);
    }
    known.names.catch(() => cache.delete(key));
    return known.names;
  };
}

interface Row {
  title: string | null;
  release_at: Date | null;
  zone: string;
  artist_id: string | null;
  artist_name: string | null;
}

async function read(db: Db, projectId: string, { releaseId, artistId }: FlowSubject): Promise<SubjectNames> {
  const { rows } = await sql<Row>`
    select r.title, r.release_at, p.zone, r.artist_id, coalesce(a.name, p.name) as artist_name
      from project p
      left join release r on r.project_id = p.id and r.id = ${releaseId}
      left join artist a on a.project_id = p.id and a.id = coalesce(r.artist_id, ${artistId})
     where p.id = ${projectId}`.execute(db);
  const row = rows[0];
  return {
    release:
      row?.title == null || row.release_at === null || row.artist_id === null
        ? null
        : { title: row.title, releaseAt: row.release_at, zone: row.zone, artistId: row.artist_id },
    artist: row?.artist_name == null ? null : { name: row.artist_name },
  };
}
