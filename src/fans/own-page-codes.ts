import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { countAttempt } from '#people/attempts.ts';
import type { Sealer } from '#lib/seal.ts';
import type { PageOwner } from './own-page.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How long a code may be entered. */
export const codeMinutes = 10;

type Owner = Pick<PageOwner, 'projectId' | 'fanId'>;

/**
 * A new code of six digits, in place of one that was made before. Throws 429 where too many were asked
 * for: each costs a message, and somebody else may be asking.
 */
export async function makeCode(
  db: Db,
  sealer: Pick<Sealer, 'hash'>,
  owner: Owner,
  now: Date,
): Promise<string> {
  const { projectId, fanId } = owner;
  await countAttempt(
    db,
    [
      { key: `own page code ${fanId}`, max: 3, windowMs: hour },
      { key: `own page code day ${fanId}`, max: 6, windowMs: 24 * hour },
    ],
    now,
  );
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = new Date(now.getTime() + codeMinutes * minute);
  await sql`
    insert into fan_code (project_id, fan_id, hash, expires_at)
    values (${projectId}, ${fanId}, ${sealer.hash(hashed(owner, code))}, ${expiresAt})
    on conflict (project_id, fan_id) do update set hash = excluded.hash, expires_at = excluded.expires_at`.execute(
    db,
  );
  return code;
}

/** True once for the right code. Throws 429 after five tries in the time that a code lives. */
export async function takeCode(
  db: Db,
  sealer: Pick<Sealer, 'hashes'>,
  owner: Owner,
  code: string,
  now: Date,
): Promise<boolean> {
  await countAttempt(
    db,
    [{ key: `own page try ${owner.fanId}`, max: 5, windowMs: codeMinutes * minute }],
    now,
  );
  const { rows } = await sql`
    delete from fan_code
     where project_id = ${owner.projectId} and fan_id = ${owner.fanId} and expires_at > ${now}
       and hash = any(${sealer.hashes(hashed(owner, code.replaceAll(/\D/g, '')))}::bytea[])
    returning 1`.execute(db);
  return rows.length > 0;
}

const hashed = ({ projectId, fanId }: Owner, code: string) => `own page code ${projectId} ${fanId} ${code}`;
