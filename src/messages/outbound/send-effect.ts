import type { Connections } from '#connections/connections.ts';
import type { SmsClient } from '#connectors/connector.ts';
import type { Effect, EffectContext, EffectResult, JsonObject } from '#engine/contract.ts';
import type { Db } from '#db/database.ts';
import { GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { blockWriter } from './send-call.ts';

export interface SendEffectDeps {
  db: Db;
  connections: Connections;
  /** Where the provider reports what became of the text. */
  statusCallbackUrl: (input: {
    connector: string;
    connectionId: string;
    projectId: string;
    intentId: string;
  }) => string;
}

interface Payload {
  connectionId: string;
  from: string;
  to: string;
  body: string;
}

/**
 * Sends one text. A repeat would reach the phone twice: after a lost answer the provider's list, or
 * the status callback (whose address carries the intent), says whether it went out.
 */
export function createSendEffect(deps: SendEffectDeps): Effect {
  return {
    class: 'once',
    async perform(context, payload) {
      const text = payload as unknown as Payload; // our own, sealed in between
      const { client, message } = await prepare(deps, context, text);
      try {
        const sent = await client.send(message, {
          key: context.key,
          signal: context.signal,
          mayLeave: context.mayLeave,
        });
        deps.connections.noteSuccess(text.connectionId);
        return { providerId: sent.providerId };
      } catch (error) {
        noteFailure(deps.connections, text.connectionId, error);
        throw error;
      }
    },
    async settle(context, payload, since) {
      const text = payload as unknown as Payload; // as above
      const reported = await reportedByCallback(deps.db, context);
      if (reported !== null) return reported;
      const { client, message } = await prepare(deps, context, text);
      const found = await client.find(message, {
        since,
        knownIds: await knownIds(deps.db, context, since),
      });
      return found === null ? null : { providerId: found.providerId };
    },
    onRefused: (_context, payload, skip) => learned(payload as unknown as Payload, skip), // as above
  };
}

async function prepare(deps: SendEffectDeps, context: EffectContext, text: Payload) {
  const connection = await deps.connections.find(text.connectionId);
  const client: SmsClient | null = connection?.sms ?? null;
  if (connection === undefined || client === null) throw new GiveUp('The connection of this number is gone.');
  const statusCallbackUrl = deps.statusCallbackUrl({
    connector: connection.connector,
    connectionId: connection.id,
    projectId: context.projectId,
    intentId: context.intentId ?? '',
  });
  return { client, message: { from: text.from, to: text.to, body: text.body, statusCallbackUrl } };
}

function noteFailure(connections: Connections, connectionId: string, error: unknown) {
  if (error instanceof NeedsReconnect) connections.noteError(connectionId, error.reason, 'needs_reconnect');
  else if (error instanceof RetryLater) connections.noteError(connectionId, error.reason);
}

/** A status callback that named this intent proves the send. */
async function reportedByCallback(db: Db, context: EffectContext): Promise<EffectResult | null> {
  if (context.intentId === null) return null;
  const row = await db
    .selectFrom('intent')
    .select('provider_id')
    .where('project_id', '=', context.projectId)
    .where('id', '=', context.intentId)
    .executeTakeFirst();
  return row?.provider_id == null ? null : { providerId: row.provider_id };
}

/** Messages that other sends of this fan are known to have made: an equal one of them is not ours. */
async function knownIds(db: Db, context: EffectContext, since: Date): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('intent')
    .select('provider_id')
    .where('project_id', '=', context.projectId)
    .where('fan_id', '=', context.fanId)
    .where('provider_id', 'is not', null)
    .where('created_at', '>', new Date(since.getTime() - 24 * 60 * 60_000))
    .execute();
  return new Set(rows.flatMap((row) => row.provider_id ?? []));
}

/** The provider blocks the pair: remembered, and the step looks again and waits for START (R98). */
function learned(text: Payload, skip: string | undefined) {
  if (skip !== 'provider_block') return { writes: [], lookAgain: false };
  const row: JsonObject = { sender: text.from, address: text.to };
  return { writes: [{ writer: blockWriter, row }], lookAgain: true };
}
