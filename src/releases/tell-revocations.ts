import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import { NeedsReconnect } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { Sealer } from '#lib/seal.ts';
import { unsealTokens } from './grants.ts';
import { accountHash } from './queue-revocations.ts';

interface Revocation {
  id: string;
  connectionId: string;
  accountHash: Buffer | null;
  tokens: Buffer;
  isLate: boolean;
}

const atOnce = 100;

/**
 * Tells providers of the sign-ins that were taken back. A provider that cannot be reached is asked again every
 * five minutes for a day, then forgotten with the tokens. A repeat is harmless, and so is a crash anywhere: a
 * row goes only once the provider knows. Where the same account is linked through the same connection for
 * another project, or again, nothing is told: a provider ends all of an app's sign-ins together.
 */
export async function tellRevocations(deps: {
  db: Db;
  connections: Pick<Connections, 'find'>;
  sealer: Sealer;
  log: Pick<Log, 'warn'>;
}): Promise<void> {
  for (let some = await takeDue(deps.db); some.length > 0; some = await takeDue(deps.db)) {
    for (const one of some) {
      if (one.isLate || (await isLinkedElsewhere(deps.db, one)) || (await isTold(deps, one)))
        await sql`delete from revocation where id = ${one.id}`.execute(deps.db);
    }
  }
}

/** Rows that nobody else takes for the next five minutes. */
async function takeDue(db: Db): Promise<Revocation[]> {
  const { rows } = await sql<Revocation>`
    update revocation set next_at = now() + interval '5 minutes'
     where id in (select id from revocation where next_at <= now() order by next_at limit ${atOnce}
                     for update skip locked)
    returning id, connection_id as "connectionId", account_hash as "accountHash", tokens,
              asked_at < now() - interval '1 day' as "isLate"`.execute(db);
  return rows;
}

async function isLinkedElsewhere(db: Db, { connectionId, accountHash: hash }: Revocation): Promise<boolean> {
  const { rows } = await sql`
    select from streaming_grant
     where connection_id = ${connectionId} and tokens is not null and ${accountHash} = ${hash} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Also where there is nobody to tell any more. */
async function isTold(
  { connections, sealer, log }: Parameters<typeof tellRevocations>[0],
  { id, connectionId, tokens }: Revocation,
): Promise<boolean> {
  const client = (await connections.find(connectionId))?.streaming;
  if (!client?.oauth.revoke) return true;
  try {
    await client.oauth.revoke(unsealTokens(sealer, tokens));
    return true;
  } catch (error) {
    if (error instanceof NeedsReconnect) return true;
    log.warn({ err: error, revocation: id }, 'a provider could not be told that a sign-in is over');
    return false;
  }
}
