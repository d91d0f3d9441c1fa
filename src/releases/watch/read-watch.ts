import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

export interface Watch {
  nextSaveFans: number;
  watch: { service: string; lookedAt: Date | null; nextLookAt: Date | null; problem: string | null }[];
}

/** Who wishes for an artist's releases, and how the looks for them go. */
export async function readWatch(db: Db, projectId: string, artistId: string): Promise<Watch> {
  const { rows } = await sql<{ fans: number; watch: Watch['watch'] | null }>`
    select (select count(*)::int from purpose where project_id = ${projectId} and kind = 'future'
               and target_id = ${artistId} and revoked_at is null) as fans,
           (select json_agg(json_build_object('service', w.service, 'lookedAt', w.looked_at, 'problem', w.problem,
                     'nextLookAt', case when isfinite(w.next_look_at) then w.next_look_at end) order by w.service)
              from artist_watch w
              join artist_service s on s.project_id = w.project_id and s.artist_id = w.artist_id and s.service = w.service
             where w.project_id = ${projectId} and w.artist_id = ${artistId}) as watch`.execute(db);
  const [row] = rows;
  const nextSaveFans = row?.fans ?? 0;
  const watch = nextSaveFans === 0 ? [] : (row?.watch ?? []);
  return {
    nextSaveFans,
    watch: watch.map((one) => ({
      ...one,
      lookedAt: one.lookedAt && new Date(one.lookedAt),
      nextLookAt: one.nextLookAt && new Date(one.nextLookAt),
    })),
  };
}
