import { sql } from 'kysely';
import type { Part, Writer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';

export const segmentWriter = 'segment.add';

/** Adds the fan to a segment, in the commit of the step's outcome. */
export function planAddToSegment(segmentId: string): Part[] {
  const write = { writer: segmentWriter, row: { segmentId } };
  return [{ service: '', verdict: { kind: 'done', writes: [write] }, gates: [] }];
}

/** Members that are there already answer `already`. */
export const addMembers: Writer = async (tx, projectId, rows) => {
  const list = rows
    .map(({ row, fanId, now }) => ({ segment_id: textAt(row, 'segmentId'), fan_id: fanId, added_at: now }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { rows: added } = await sql<{ segment_id: string; fan_id: string }>`
    insert into segment_member (project_id, segment_id, fan_id, added_at)
    select ${projectId}, m.segment_id, m.fan_id, m.added_at
      from json_to_recordset(${JSON.stringify(list)}::json) as m(segment_id uuid, fan_id uuid, added_at timestamptz)
     cross join lateral (
       select 1 from fan f where f.project_id = ${projectId} and f.id = m.fan_id offset 0) f
    on conflict do nothing returning segment_id, fan_id`.execute(tx);
  const isNew = new Set(added.map(keyOf));
  return rows.map(({ row, fanId }) => {
    // Of two runs that add the same fan in one batch only the first did.
    const isFirst = isNew.delete(keyOf({ segment_id: textAt(row, 'segmentId'), fan_id: fanId }));
    return isFirst ? undefined : { reason: 'already', dropEvents: true };
  });
};

function keyOf(member: { segment_id: string; fan_id: string | null }): string {
  return `${member.segment_id} ${member.fan_id ?? ''}`;
}
