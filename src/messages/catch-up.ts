import { sql } from 'kysely';
import type { Connection, Connections } from '#connections/connections.ts';
import type { InboundText } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';

export interface CatchUpDeps {
  db: Db;
  connections: Connections;
  acceptText: (connection: Connection, text: InboundText) => Promise<void>;
  log: Log;
}

/** Lists overlap: a provider's clock is not ours, and what came twice is one event. */
const overlapMs = 10 * 60_000;

/**
 * Reads what a connection received since it was last read and accepts what is missing: a provider
 * that tries a webhook once or twice loses texts in every outage. At start and every five minutes;
 * repeating it is harmless. Answers with the number of texts seen.
 */
export async function catchUp(deps: CatchUpDeps, connectionId: string): Promise<number> {
  const connection = await deps.connections.find(connectionId);
  if (connection?.sms == null || connection.state === 'disabled') return 0;
  const row = await deps.db
    .selectFrom('connection')
    .select(['caught_up_to', 'created_at'])
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const since = new Date((row.caught_up_to ?? row.created_at).getTime() - overlapMs);
  let seen = 0;
  for await (const text of connection.sms.listInbound(since)) {
    await deps.acceptText(connection, text);
    // After each commit: a list that breaks off half-way is not read from the start again.
    await sql`
      update connection set caught_up_to = greatest(caught_up_to, ${text.receivedAt})
       where id = ${connectionId}`.execute(deps.db);
    seen++;
  }
  return seen;
}

/** Catches up on every connection that receives texts; one that fails does not keep the others. */
export async function catchUpAll(deps: CatchUpDeps): Promise<void> {
  const rows = await deps.db.selectFrom('connection').select('id').where('state', '!=', 'disabled').execute();
  for (const { id } of rows) {
    try {
      await catchUp(deps, id);
    } catch (error) {
      deps.log.warn({ err: error, connectionId: id }, 'could not read what came in meanwhile');
    }
  }
}
