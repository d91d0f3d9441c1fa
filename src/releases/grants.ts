import { sql } from 'kysely';
import type { Tokens } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { Sealer } from '#lib/seal.ts';
import { addPurposes, type NewPurpose } from './purposes.ts';
import { queueRevocations } from './queue-revocations.ts';

/** Which fan's authorisation of which service. */
export interface GrantKey {
  projectId: string;
  fanId: string;
  service: string;
}

export interface NewGrant extends GrantKey {
  connectionId: string;
  providerAccount: string;
  displayName: string | null;
  tokens: Tokens;
  /** Domain time of the sign-in. */
  authorisedAt: Date;
  diesAt: Date | null;
  /** Defaults to `authorisedAt`. */
  provenAt?: Date;
}

/** Tokens as they are stored (R64). */
export function sealTokens(sealer: Sealer, tokens: Tokens): Buffer {
  return sealer.seal(JSON.stringify(tokens));
}

export function unsealTokens(sealer: Sealer, sealed: Buffer): Tokens {
  // We sealed `Tokens`; only the date became text.
  const stored = JSON.parse(sealer.unseal(sealed)) as Omit<Tokens, 'expiresAt'> & { expiresAt: string };
  return { ...stored, expiresAt: new Date(stored.expiresAt) };
}

/**
 * Stores an authorisation with the purposes that were ticked, and wakes what waited for it, in one
 * commit. A new sign-in replaces the old one and starts a new period (R58).
 */
export async function linkService(
  db: Db,
  sealer: Sealer,
  grant: NewGrant,
  purposes: readonly NewPurpose[],
): Promise<void> {
  await transaction(db, (tx) => storeGrant(tx, sealer, grant, purposes));
}

/** As `linkService`, inside a transaction. */
export async function storeGrant(
  tx: Tx,
  sealer: Sealer,
  grant: NewGrant,
  purposes: readonly NewPurpose[],
): Promise<void> {
  const { projectId, fanId, service, authorisedAt } = grant;
  await sql`
    insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, display_name,
                                 tokens, scopes, state, authorised_at, dies_at, proven_at)
    values (${projectId}, ${fanId}, ${service}, ${grant.connectionId}, ${grant.providerAccount},
            ${grant.displayName}, ${sealTokens(sealer, grant.tokens)}, ${grant.tokens.scopes}, 'live',
            ${authorisedAt}, ${grant.diesAt}, ${grant.provenAt ?? authorisedAt})
    on conflict (project_id, fan_id, service) do update
      set connection_id = excluded.connection_id, provider_account = excluded.provider_account,
          display_name = excluded.display_name, tokens = excluded.tokens, scopes = excluded.scopes,
          state = 'live', authorised_at = excluded.authorised_at, dies_at = excluded.dies_at,
          proven_at = excluded.proven_at, notices = 0, asked_at = null`.execute(tx);
  await addPurposes(
    tx,
    projectId,
    purposes.map((one) => ({ ...one, fanId })),
    authorisedAt,
  );
  await sql`
    update save s set renew_by = case when ${grant.diesAt}::timestamptz <= r.release_at then ${grant.diesAt}::timestamptz end
      from release r
     where s.project_id = ${projectId} and s.fan_id = ${fanId} and s.service = ${service}
       and s.state = 'scheduled' and r.project_id = s.project_id and r.id = s.release_id`.execute(tx);
  await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
}

/** Adds purposes to what is linked already: the one-tap page (`needs_ok`), in one commit. */
export async function allowPurposes(
  db: Db,
  key: Omit<GrantKey, 'service'>,
  purposes: readonly NewPurpose[],
  now: Date,
): Promise<void> {
  await transaction(db, async (tx) => {
    const rows = purposes.map((one) => ({ ...one, fanId: key.fanId }));
    await addPurposes(tx, key.projectId, rows, now);
    await signal(tx, key.projectId, [{ key: gateKeys.streaming(key.fanId) }]);
  });
}

/** R59, inside the refresh's transaction: the authorisation is over; tokens go, work looks again. */
export async function expireGrant(tx: Tx, { projectId, fanId, service }: GrantKey): Promise<void> {
  await sql`
    update streaming_grant set state = 'expired', tokens = null
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service} and state = 'live'`.execute(
    tx,
  );
  await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
}

/**
 * R63: the app may not serve this fan; what waits is offered the other ways. `keepsLive`: the account
 * that was refused is not the one that is linked. Repeating is harmless.
 */
export async function refuseGrant(
  db: Db,
  { projectId, fanId, service }: GrantKey,
  connectionId: string,
  now: Date,
  keepsLive = false,
): Promise<void> {
  await transaction(db, async (tx) => {
    await sql`
      insert into streaming_grant as g (project_id, fan_id, service, connection_id, provider_account, scopes, state,
                                   authorised_at, proven_at)
      values (${projectId}, ${fanId}, ${service}, ${connectionId}, '', '{}', 'refused_by_app', ${now}, ${now})
      on conflict (project_id, fan_id, service) do update set state = 'refused_by_app', tokens = null
        where g.state <> 'live' or not ${keepsLive}`.execute(tx);
    await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  });
}

/**
 * The fan takes the service away: tokens and account name are deleted at once (R64), and the provider is told
 * where it can be.
 */
export async function unlinkService(db: Db, { projectId, fanId, service }: GrantKey): Promise<void> {
  await transaction(db, async (tx) => {
    await queueRevocations(tx, { projectId, fanId, service });
    await sql`
      update streaming_grant
         set state = 'revoked', tokens = null, provider_account = '', display_name = null, scopes = '{}'
       where project_id = ${projectId} and fan_id = ${fanId} and service = ${service}`.execute(tx);
    await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  });
}
