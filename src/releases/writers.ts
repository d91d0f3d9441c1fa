import { sql } from 'kysely';
import type { Writer, WriteAnswer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';

/** What was there already: no second event. */
const already: WriteAnswer = { reason: 'already', dropEvents: true };

type WriterRows = Parameters<Writer>[2];

/** One row a key, in key order: a statement may touch a row only once, and locks in one order. */
function distinct(rows: WriterRows, keyOf: (row: WriterRows[number]) => string) {
  const byKey = new Map<string, number>();
  rows.forEach((row, at) => {
    const key = keyOf(row);
    if (!byKey.has(key)) byKey.set(key, at);
  });
  const indexes = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, at]) => at);
  return { indexes, isFirst: new Set(indexes) };
}

const saveKey = ({ row, fanId }: WriterRows[number]) =>
  `${fanId ?? ''} ${textAt(row, 'releaseId')} ${textAt(row, 'service')}`;

/**
 * `save.mark {releaseId, service, state, reason?, renewBy?}`: brings a save into a state, unless the
 * one it is in stands above it: what is in a library is not scheduled again, what is scheduled is
 * not turned into a reminder. What was accepted may
 * be verified by looking (R62). Else it answers `already`. An undone or failed save may begin anew.
 */
export const markSaves: Writer = async (tx, projectId, rows) => {
  const { indexes, isFirst } = distinct(rows, saveKey);
  const list = indexes.map((at) => {
    const { row, fanId, now } = rows[at] ?? raise();
    return { ...row, fan_id: fanId, now };
  });
  const { rows: written } = await sql<{ fan_id: string; release_id: string; service: string }>`
    insert into save as s (project_id, fan_id, release_id, service, state, reason, renew_by, created_at, performed_at)
    select ${projectId}, fan_id, "releaseId", service, state, reason, "renewBy", now,
           case when state in ('verified', 'accepted', 'already') then now end
      from json_to_recordset(${JSON.stringify(list)}::json)
           as n(fan_id uuid, "releaseId" uuid, service text, state text, reason text, "renewBy" timestamptz,
                now timestamptz)
     order by fan_id, "releaseId", service
    on conflict (project_id, fan_id, release_id, service) do update
      set state = excluded.state, reason = excluded.reason, renew_by = excluded.renew_by,
          performed_at = case s.state when 'accepted' then s.performed_at else excluded.performed_at end
      where case excluded.state
              when 'scheduled' then s.state not in ('scheduled', 'verified', 'accepted', 'already')
              when 'reminder_set' then s.state in ('failed', 'undone', 'cancelled', 'handed_over')
              when 'reminded' then s.state = 'reminder_set'
              when 'handed_over' then s.state in ('failed', 'undone', 'cancelled', 'reminder_set')
              when 'failed' then s.state = 'scheduled'
              when 'cancelled' then s.state in ('scheduled', 'reminder_set')
              when 'verified' then s.state not in ('verified', 'already')
              else s.state not in ('verified', 'accepted', 'already') end
    returning fan_id, release_id, service`.execute(tx);
  const isWritten = new Set(written.map((one) => `${one.fan_id} ${one.release_id} ${one.service}`));
  return rows.map((row, at) => {
    if (isFirst.has(at) && isWritten.has(saveKey(row))) return undefined;
    // An end that comes too late to be marked is still that end for its run.
    return row.row['state'] === 'failed' || row.row['state'] === 'cancelled' ? undefined : already;
  });
};

const followKey = ({ row, fanId }: WriterRows[number]) =>
  `${fanId ?? ''} ${textAt(row, 'artistId')} ${textAt(row, 'service')}`;

/** `followed.add {artistId, service}`: `already` where the fan follows by our records. */
export const addFollowed: Writer = async (tx, projectId, rows) => {
  const { indexes, isFirst } = distinct(rows, followKey);
  const list = indexes.map((at) => {
    const { row, fanId, now } = rows[at] ?? raise();
    return { ...row, fan_id: fanId, now };
  });
  const { rows: written } = await sql<{ fan_id: string; artist_id: string; service: string }>`
    insert into followed as f (project_id, fan_id, artist_id, service, at)
    select ${projectId}, fan_id, "artistId", service, now
      from json_to_recordset(${JSON.stringify(list)}::json)
           as n(fan_id uuid, "artistId" uuid, service text, now timestamptz)
     order by fan_id, "artistId", service
    on conflict (project_id, fan_id, artist_id, service) do update
      set at = excluded.at, undone_at = null where f.undone_at is not null
    returning fan_id, artist_id, service`.execute(tx);
  const isWritten = new Set(written.map((one) => `${one.fan_id} ${one.artist_id} ${one.service}`));
  return rows.map((row, at) => (isFirst.has(at) && isWritten.has(followKey(row)) ? undefined : already));
};

/** `grant.proven {service}`: the service honoured the authorisation just now (R103). */
export const proveGrants: Writer = async (tx, projectId, rows) => {
  const { indexes } = distinct(rows, ({ row, fanId }) => `${fanId ?? ''} ${textAt(row, 'service')}`);
  const list = indexes.map((at) => {
    const { row, fanId, now } = rows[at] ?? raise();
    return { service: row['service'], fan_id: fanId, now };
  });
  await sql`
    with proven as (
      select g.project_id, g.fan_id, g.service, n.now
        from json_to_recordset(${JSON.stringify(list)}::json) as n(fan_id uuid, service text, now timestamptz)
        join streaming_grant g on g.project_id = ${projectId} and g.fan_id = n.fan_id and g.service = n.service
       order by g.fan_id, g.service for update of g skip locked)
    update streaming_grant g set proven_at = greatest(g.proven_at, p.now)
      from proven p
     where g.project_id = p.project_id and g.fan_id = p.fan_id and g.service = p.service`.execute(tx);
};

function raise(): never {
  throw new Error('an index of a list that it was made from');
}
