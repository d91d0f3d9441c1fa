import { sql } from 'kysely';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { connectors } from '#connectors/index.ts';
import type { Tx } from '#db/database.ts';

/** Services that can be told that a sign-in is over. */
const revocable = Object.values<ConnectorDefinition>(connectors)
  .filter(({ isRevocable }) => isRevocable)
  .map(({ id }) => id);

/** Of a row of `streaming_grant`; null where the provider does not tell whose account it is. */
export const accountHash = sql`sha256(convert_to(nullif(provider_account, ''), 'UTF8'))`;

/**
 * Remembers a fan's living sign-ins, of one service or of all, so that their providers are told; to be called
 * before they are deleted, in the same commit. What was no sign-in any more is not told of.
 */
export async function queueRevocations(
  tx: Tx,
  { projectId, fanId, service = null }: { projectId: string; fanId: string; service?: string | null },
): Promise<void> {
  await sql`
    insert into revocation (id, project_id, connection_id, account_hash, tokens)
    select gen_random_uuid(), project_id, connection_id, ${accountHash}, tokens from streaming_grant
     where project_id = ${projectId} and fan_id = ${fanId} and tokens is not null
       and service = any(${revocable}) and service = coalesce(${service}, service)`.execute(tx);
}
