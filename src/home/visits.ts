import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

const dayMs = 24 * 60 * 60_000;
/** Looks within this time are one visit. */
const visitMs = 30 * 60_000;
/** Further back than this nobody asks what is new. */
const longestMs = 7 * dayMs;

/** Wall time: when a person looks has nothing to do with a test project's clock. */
export async function noteVisit(db: Db, projectId: string, person: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - visitMs);
  await sql`
    insert into home_visit as v (project_id, person, at) values (${projectId}, ${person}, ${now})
    on conflict (project_id, person) do update
      set at = greatest(v.at, excluded.at), before_at = case when v.at < ${before} then v.at else v.before_at end`.execute(
    db,
  );
}

/** Since when things are new to a person: the end of the visit before this one. */
export async function readSince(
  db: Db,
  projectId: string,
  person: string,
  now: Date,
): Promise<{ since: Date; wasHere: boolean }> {
  const { rows } = await sql<{ at: Date; before_at: Date | null }>`
    select at, before_at from home_visit where project_id = ${projectId} and person = ${person}`.execute(db);
  const [row] = rows;
  const isNewVisit = row !== undefined && now.getTime() - row.at.getTime() > visitMs;
  const last = isNewVisit ? row.at : (row?.before_at ?? null);
  const earliest = new Date(now.getTime() - longestMs);
  return { since: last === null || last < earliest ? earliest : last, wasHere: last !== null };
}
