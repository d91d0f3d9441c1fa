import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** What a fan allowed to be done on her services, with the words she was shown (R100). */
export interface NewPurpose {
  kind: 'release' | 'follow' | 'future';
  /** Release for `release`, artist for the others. */
  targetId: string;
  words: string;
  /** Where: `page`, `keyword`, … */
  source: string;
}

/**
 * Adds purposes; one that was revoked is given anew, one that stands keeps its words and time. The
 * caller signals `gateKeys.streaming` of these fans in the same commit.
 */
export async function addPurposes(
  tx: Tx,
  projectId: string,
  purposes: readonly (NewPurpose & { fanId: string })[],
  now: Date,
): Promise<void> {
  const byKey = new Map(purposes.map((one) => [`${one.fanId} ${one.kind} ${one.targetId}`, one]));
  if (byKey.size === 0) return;
  const rows = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await sql`
    insert into purpose as p (project_id, fan_id, kind, target_id, words, source, given_at)
    select ${projectId}, "fanId", kind, "targetId", words, source, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as n("fanId" uuid, kind text, "targetId" uuid, words text, source text)
     order by "fanId", kind, "targetId"
    on conflict (project_id, fan_id, kind, target_id) do update
      set words = excluded.words, source = excluded.source, given_at = excluded.given_at, revoked_at = null,
          began_at = null
      where p.revoked_at is not null`.execute(tx);
}

/** Takes a purpose back; the caller signals the fan's gate. Repeating is harmless. */
export async function revokePurpose(
  tx: Tx,
  projectId: string,
  fanId: string,
  purpose: Pick<NewPurpose, 'kind' | 'targetId'>,
  now: Date,
): Promise<void> {
  await sql`
    update purpose set revoked_at = ${now}
     where project_id = ${projectId} and fan_id = ${fanId} and kind = ${purpose.kind}
       and target_id = ${purpose.targetId} and revoked_at is null`.execute(tx);
}
