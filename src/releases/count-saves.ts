import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { SaveCount } from './contract.ts';

/** By service and state, read from an index alone. */
export async function countSaves(db: Db, projectId: string, releaseId: string): Promise<SaveCount[]> {
  const { rows } = await sql<SaveCount>`
    select service, state, count(*)::int as count from save
     where project_id = ${projectId} and release_id = ${releaseId}
     group by state, service order by service, state`.execute(db);
  return rows;
}
