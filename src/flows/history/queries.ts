import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { FlowDefinition } from '../definition.ts';

export interface VersionRow {
  id: string;
  version: number;
  savedBy: string;
  savedAt: Date;
  activatedAt: Date | null;
}

/** A pause this long ends what somebody does in one go. */
const sittingMinutes = 10;

/**
 * Newest first. Of versions that one person saved without a long pause, and none of which was ever
 * started, the last stands for all: an editor that saves by itself makes one every few seconds.
 */
export async function listVersionRows(
  db: Db,
  projectId: string,
  flowId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select id, version, saved_by as "savedBy", created_at as "savedAt", activated_at as "activatedAt"
      from (
        select v.*, lead(v.saved_by) over later as next_by, lead(v.created_at) over later as next_at
          from flow_version v
         where v.project_id = ${projectId} and v.flow_id = ${flowId}
        window later as (order by v.version)) v
     where (next_by is null or next_by <> saved_by or activated_at is not null
            or next_at > created_at + make_interval(mins => ${sittingMinutes}))
       and (${before}::uuid is null or id < ${before})
     order by version desc limit ${limit}`.execute(db);
  return rows;
}

/** Throws 404 when the flow has no such version. */
export async function getVersionRow(
  db: Db,
  projectId: string,
  flowId: string,
  version: number,
): Promise<VersionRow & FlowDefinition> {
  const { rows } = await sql<VersionRow & FlowDefinition>`
    select id, version, saved_by as "savedBy", created_at as "savedAt", activated_at as "activatedAt",
           trigger, steps, reentry
      from flow_version
     where project_id = ${projectId} and flow_id = ${flowId} and version = ${version}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new UserError(404, 'not_found', `This flow has no version ${version}.`);
  return row;
}

/** Names of keys and accounts behind `key:ID` and `session:ID`. */
export async function readActorNames(db: Db, actors: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ actor: string; name: string }>`
    select 'key:' || id as actor, name from api_key where 'key:' || id = any(${[...new Set(actors)]})
    union all
    select 'session:' || id, name from account where 'session:' || id = any(${[...new Set(actors)]})`.execute(
    db,
  );
  return new Map(rows.map(({ actor, name }) => [actor, name]));
}
