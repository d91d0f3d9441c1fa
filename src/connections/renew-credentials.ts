import { sql } from 'kysely';
import type { CredentialRenewal } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { ConnectorError, NeedsReconnect } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { Connection } from './connections.ts';
import type { ConnectionStore } from './create-connections.ts';
import { domainNow } from './domain-now.ts';

export interface RenewalDeps {
  db: Db;
  connections: ConnectionStore;
  clocks: DomainClock;
  log: Log;
}

/** An hour between two tries, a little less since a schedule is not exact. */
const restMs = 50 * 60_000;

/**
 * Renews what ends, ahead of time: each credential by one process, at most once an hour. One that is over
 * stops the connection; one that could not be renewed is said once somebody should know. A repeat is harmless.
 */
export async function renewCredentials(deps: RenewalDeps): Promise<void> {
  for (const connection of await deps.connections.listAll()) {
    const { renewal } = connection;
    if (renewal === null || connection.state === 'disabled' || connection.state === 'needs_reconnect')
      continue;
    try {
      await look(deps, connection, renewal);
    } catch (error) {
      // One that cannot be looked at must not keep the others from being renewed.
      deps.log.error({ err: error, connection: connection.id }, 'a credential was not renewed');
    }
  }
}

async function look(deps: RenewalDeps, connection: Connection, renewal: CredentialRenewal): Promise<void> {
  const { connections, clocks } = deps;
  const now = domainNow(clocks, connection.projectIds);
  if (now >= renewal.endsAt) {
    connections.noteError(connection.id, `Its token ended on ${dayOf(renewal.endsAt)}.`, 'needs_reconnect');
    return;
  }
  if (now < renewal.renewFrom || !(await claim(deps.db, connection.id, now))) return;
  try {
    const given = await renewal.renew();
    const { settings } = await connections.getConnection(connection.accountId, connection.id);
    await connections.updateConnection(connection.accountId, connection.id, {
      settings: { ...settings, ...given },
    });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error instanceof NeedsReconnect)
      connections.noteError(connection.id, error.reason, 'needs_reconnect');
    else if (now >= renewal.warnFrom) {
      const ends = `Its token ends on ${dayOf(renewal.endsAt)} and could not be renewed`;
      connections.noteError(connection.id, `${ends}: ${error.reason}`);
    }
  }
}

/** Of two processes that look at once, one tries. */
async function claim(db: Db, connectionId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into credential_renewal as r (connection_id, tried_at) values (${connectionId}, ${now})
    on conflict (connection_id) do update set tried_at = excluded.tried_at
      where r.tried_at <= ${new Date(now.getTime() - restMs)}
    returning 1`.execute(db);
  return rows.length > 0;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
