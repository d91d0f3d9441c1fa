import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import type { CausedEvent, Part, WriteAnswer, Writer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';
import { partsByService } from './services-of.ts';
import type { Target } from './target.ts';

export const nextSaveWriter = 'nextsave.begin';

/** Raised once each time a fan gives the wish, whoever sees it begin first: the page or a step. */
export function optedIn(artistId: string): CausedEvent {
  return { type: 'nextsave.opted_in', subject: { artistId }, key: artistId };
}

/** The rows of the step: done wherever the fan has ticked the box; a step never ticks it (R100). */
export function nextSaveParts(connections: Connections, target: Target, artistId: string): Promise<Part[]> {
  return partsByService(connections, target, ({ grant: { service } }) => ({
    service,
    verdict: {
      kind: 'done',
      writes: [{ writer: nextSaveWriter, row: { artistId } }],
      events: [optedIn(artistId)],
    },
    gates: target.actGates,
  }));
}

/** `nextsave.begin {artistId}`: `already` where the wish has begun, or was taken back meanwhile. */
export const beginNextSaves: Writer = async (tx, projectId, rows) => {
  const keyOf = ({ row, fanId }: (typeof rows)[number]) => `${fanId ?? ''} ${textAt(row, 'artistId')}`;
  const byKey = new Map(rows.map((one) => [keyOf(one), one]));
  const list = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { row, fanId, now }]) => ({ artistId: row['artistId'], fanId, now }));
  const { rows: begun } = await sql<{ key: string }>`
    with wish as (
      select p.fan_id, p.target_id, n.now
        from json_to_recordset(${JSON.stringify(list)}::json) as n("artistId" uuid, "fanId" uuid, now timestamptz)
        join purpose p on p.project_id = ${projectId} and p.fan_id = n."fanId" and p.kind = 'future'
                      and p.target_id = n."artistId" and p.revoked_at is null and p.began_at is null
       order by p.fan_id, p.target_id for update of p)
    update purpose p set began_at = w.now from wish w
     where p.project_id = ${projectId} and p.fan_id = w.fan_id and p.kind = 'future' and p.target_id = w.target_id
    returning p.fan_id || ' ' || p.target_id as key`.execute(tx);
  const isNew = new Set(begun.map(({ key }) => key));
  return rows.map((one): WriteAnswer | undefined => {
    if (isNew.delete(keyOf(one))) return undefined;
    return { reason: 'already', dropEvents: true };
  });
};
