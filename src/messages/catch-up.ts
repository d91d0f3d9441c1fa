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

/** Texts accepted side by side: they share commits, and the mark moves on after each. */
const chunkSize = 200;

/**
 * Reads what a connection received since it was last read and accepts what is missing: a provider
 * that tries a webhook once or twice loses texts in every outage. At start and every five minutes;
 * repeating it is harmless. Answers with the number of texts seen. Throws when one could not be
 * taken: the others were, and it is read again the next time.
 */
export async function catchUp(deps: CatchUpDeps, connectionId: string): Promise<number> {
  const connection = await deps.connections.find(connectionId);
  if (connection?.sms == null || connection.state === 'disabled') return 0;
  const since = new Date((await caughtUpTo(deps.db, connectionId)).getTime() - overlapMs);
  const failures: unknown[] = [];
  let seen = 0;
  for await (const chunk of inChunks(connection.sms.listInbound(since))) {
    seen += chunk.length;
    failures.push(...(await acceptAll(deps, connection, chunk)));
    // A list that breaks off half-way is not read from the start again.
    if (failures.length === 0) await moveMark(deps.db, connectionId, chunk);
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} texts could not be taken`);
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

async function caughtUpTo(db: Db, connectionId: string): Promise<Date> {
  const row = await db
    .selectFrom('connection')
    .select(['caught_up_to', 'created_at'])
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  return row.caught_up_to ?? row.created_at;
}

async function moveMark(db: Db, connectionId: string, chunk: readonly InboundText[]): Promise<void> {
  const last = chunk.at(-1);
  if (last === undefined) return;
  await sql`
    update connection set caught_up_to = greatest(caught_up_to, ${last.receivedAt})
     where id = ${connectionId}`.execute(db);
}

/** Numbers side by side, the texts of one number in their order. Answers with what went wrong. */
async function acceptAll(
  deps: CatchUpDeps,
  connection: Connection,
  chunk: readonly InboundText[],
): Promise<unknown[]> {
  const byNumber = Map.groupBy(chunk, (text) => text.from);
  const results = await Promise.allSettled(
    [...byNumber.values()].map(async (texts) => {
      for (const text of texts) await deps.acceptText(connection, text);
    }),
  );
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
}

async function* inChunks(texts: AsyncIterable<InboundText>): AsyncIterable<InboundText[]> {
  let chunk: InboundText[] = [];
  for await (const text of texts) {
    chunk.push(text);
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
