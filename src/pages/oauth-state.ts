import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { PagesDeps } from './deps.ts';

const lifeMs = 10 * 60_000;

interface Stored {
  projectId: string;
  /** Null: not known before the service has said who signed in. */
  fanId: string | null;
  connectionId: string;
  connector: string;
  carried: string;
}

export type TakenState =
  | { kind: 'unknown' }
  | { kind: 'used'; carried: string; connector: string }
  | { kind: 'expired'; carried: string; connector: string }
  | ({ kind: 'good' } & Stored);

/** Makes a state for the address; only its hash is kept, beside the sealed rest. */
export async function storeState({ db, sealer, wall }: PagesDeps, stored: Stored): Promise<string> {
  const state = randomBytes(32).toString('base64url');
  const expiresAt = new Date(wall.now().getTime() + lifeMs);
  await sql`
    insert into oauth_state (hash, project_id, fan_id, connection_id, connector, sealed, expires_at)
    values (${hashState(state)}, ${stored.projectId}, ${stored.fanId}, ${stored.connectionId},
            ${stored.connector}, ${sealer.seal(stored.carried)}, ${expiresAt})`.execute(db);
  return state;
}

interface StateRow extends Omit<Stored, 'carried'> {
  sealed: Buffer;
  isTaken: boolean;
  usedAt: Date | null;
}

/**
 * Takes a state, once: of two callers with the same one, one gets it. A state of another service is
 * unknown here.
 */
export async function takeState(
  { db, sealer, wall }: PagesDeps,
  state: string,
  connector: string,
): Promise<TakenState> {
  const now = wall.now();
  const hash = hashState(state);
  const { rows } = await sql<StateRow>`
    with taken as (
      update oauth_state set used_at = ${now}
       where hash = ${hash} and connector = ${connector} and used_at is null and expires_at > ${now}
      returning hash)
    select project_id as "projectId", fan_id as "fanId", connection_id as "connectionId", connector, sealed,
           used_at as "usedAt", exists (select 1 from taken) as "isTaken"
      from oauth_state where hash = ${hash} and connector = ${connector}`.execute(db);
  const row = rows[0];
  if (row === undefined) return { kind: 'unknown' };
  const { sealed, isTaken, usedAt, ...stored } = row;
  const carried = sealer.unseal(sealed);
  if (isTaken) return { kind: 'good', ...stored, carried };
  // One that lost the race reads the moment before: it was not used yet, but is by now.
  const isExpired = usedAt === null && (await isPast(db, hash, now));
  return { kind: isExpired ? 'expired' : 'used', carried, connector };
}

async function isPast(db: PagesDeps['db'], hash: Buffer, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from oauth_state where hash = ${hash} and used_at is null and expires_at <= ${now}`.execute(db);
  return rows.length > 0;
}

function hashState(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}
