import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';

/** An artist on a service, to be looked at now. */
export interface Look {
  projectId: string;
  artistId: string;
  service: string;
  serviceId: string;
  zone: string;
  failures: number;
  isFirst: boolean;
}

/**
 * Who is to be looked at: artists for whom some fan has NextSave, on the services where they are known.
 * Those not looked at for longest come first, projects in turn.
 */
export async function dueLooks(db: Db, clock: DomainClock, limit: number): Promise<Look[]> {
  await addNew(db);
  const projects = await watchedProjects(db);
  const perProject = await Promise.all(
    projects.map((projectId) => dueIn(db, projectId, clock.now(projectId), limit)),
  );
  const longest = Math.max(0, ...perProject.map((looks) => looks.length));
  const inTurn = Array.from({ length: longest }, (_, at) => perProject.flatMap((looks) => looks[at] ?? []));
  return inTurn.flat().slice(0, limit);
}

async function watchedProjects(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from project p where exists (select 1 from artist_watch w where w.project_id = p.id) order by id`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Whoever is wished for since the last time; nobody waits for the first look. */
async function addNew(db: Db): Promise<void> {
  await sql`
    insert into artist_watch (project_id, artist_id, service, next_look_at)
    select s.project_id, s.artist_id, s.service, '-infinity'
      from artist_service s
     where exists (select 1 from purpose p where p.project_id = s.project_id and p.kind = 'future'
                      and p.target_id = s.artist_id and p.revoked_at is null)
     order by s.project_id, s.artist_id, s.service
    on conflict do nothing`.execute(db);
}

async function dueIn(db: Db, projectId: string, now: Date, limit: number): Promise<Look[]> {
  const { rows } = await sql<Look>`
    select w.project_id as "projectId", w.artist_id as "artistId", w.service, s.service_id as "serviceId",
           p.zone, w.failures, w.looked_at is null as "isFirst"
      from artist_watch w
      join project p on p.id = w.project_id
      join artist_service s on s.project_id = w.project_id and s.artist_id = w.artist_id and s.service = w.service
     where w.project_id = ${projectId} and w.next_look_at <= ${now}
       and exists (select 1 from purpose o where o.project_id = w.project_id and o.kind = 'future'
                      and o.target_id = w.artist_id and o.revoked_at is null)
     order by w.looked_at nulls first, w.artist_id, w.service limit ${limit}`.execute(db);
  return rows;
}

/** How a look ended; `problem` null: well. */
export async function noteLook(
  db: Db,
  { projectId, artistId, service }: Look,
  ended: { now: Date; nextAt: Date; problem: string | null },
): Promise<void> {
  const { now, nextAt, problem } = ended;
  await sql`
    update artist_watch
       set looked_at = case when ${problem}::text is null then ${now}::timestamptz else looked_at end,
           next_look_at = ${nextAt}, problem = ${problem},
           failures = case when ${problem}::text is null then 0 else failures + 1 end
     where project_id = ${projectId} and artist_id = ${artistId} and service = ${service}`.execute(db);
}
