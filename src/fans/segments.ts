import { sql } from 'kysely';
import { sqlState, type Db, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { escapeLike } from '#lib/like.ts';

export interface Segment {
  id: string;
  name: string;
  size: number;
  createdAt: Date;
}

const columns = sql`
  s.id, s.name, s.created_at as "createdAt",
  (select count(*)::int from segment_member m where m.project_id = s.project_id and m.segment_id = s.id) as size
    from segment s`;

/** Throws 422 when the project has a segment of that name. */
export async function createSegment(
  db: Db,
  projectId: string,
  input: { name: string },
  now: Date,
): Promise<Segment> {
  const id = newId();
  await refuseTaken(() =>
    db
      .insertInto('segment')
      .values({ project_id: projectId, id, name: input.name, created_at: now })
      .execute(),
  );
  return { id, name: input.name, size: 0, createdAt: now };
}

export async function renameSegment(db: Db, projectId: string, id: string, name: string): Promise<Segment> {
  await refuseTaken(() =>
    db
      .updateTable('segment')
      .set({ name })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute(),
  );
  return getSegment(db, projectId, id);
}

/** Throws 404. */
export async function getSegment(db: Db, projectId: string, id: string): Promise<Segment> {
  const { rows } = await sql<Segment>`
    select ${columns} where s.project_id = ${projectId} and s.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such segment.');
  return row;
}

export async function listSegments(
  db: Db,
  projectId: string,
  page: { before: string | null; limit: number; q?: string | undefined },
): Promise<Segment[]> {
  const { before, q = '' } = page;
  const { rows } = await sql<Segment>`
    select ${columns}
     where s.project_id = ${projectId} and (${before}::uuid is null or s.id < ${before})
       and (${q} = '' or s.name ilike ${`%${escapeLike(q)}%`})
     order by s.id desc limit ${page.limit}`.execute(db);
  return rows;
}

/** Fans stay, only the grouping goes. Refused while a flow that runs, or may again, adds to it. */
export async function deleteSegment(tx: Tx, projectId: string, id: string): Promise<void> {
  const segment = await getSegment(tx, projectId, id);
  const { rows } = await sql<{ id: string; name: string }>`
    select f.id, f.name from flow f
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id
       and v.version in (f.version, f.active_version)
     where f.project_id = ${projectId} and f.state in ('active', 'paused')
       and jsonb_path_exists(v.steps, '$[*].config.segmentId ? (@ == $id)', jsonb_build_object('id', ${id}::text))
     limit 1`.execute(tx);
  const [flow] = rows;
  if (flow !== undefined) {
    throw new UserError(409, 'flow_conflict', `The flow “${flow.name}” adds fans to “${segment.name}”.`, {
      conflict: { flowId: flow.id, flowName: flow.name, scope: `segment:${id}` },
    });
  }
  await tx
    .deleteFrom('segment_member')
    .where('project_id', '=', projectId)
    .where('segment_id', '=', id)
    .execute();
  await tx.deleteFrom('segment').where('project_id', '=', projectId).where('id', '=', id).execute();
}

/** By hand. 404 where the project lacks the segment or the fan. Repeating is harmless. */
export async function addToSegment(
  tx: Tx,
  projectId: string,
  segmentId: string,
  fanId: string,
  now: Date,
): Promise<void> {
  await getSegment(tx, projectId, segmentId);
  const { rows } = await sql`select 1 from fan where project_id = ${projectId} and id = ${fanId}`.execute(tx);
  if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such fan.');
  await sql`
    insert into segment_member (project_id, segment_id, fan_id, added_at)
    values (${projectId}, ${segmentId}, ${fanId}, ${now}) on conflict do nothing`.execute(tx);
}

export async function removeFromSegment(
  tx: Tx,
  projectId: string,
  segmentId: string,
  fanId: string,
): Promise<void> {
  await getSegment(tx, projectId, segmentId);
  await sql`
    delete from segment_member
     where project_id = ${projectId} and segment_id = ${segmentId} and fan_id = ${fanId}`.execute(tx);
}

async function refuseTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    throw new UserError(422, 'invalid', 'There is a segment of that name.', {
      errors: [{ path: 'name', code: 'taken', message: 'There is a segment of that name.' }],
    });
  }
}
