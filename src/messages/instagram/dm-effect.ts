import type { Connection, Connections } from '#connections/connections.ts';
import type { CallOptions, DirectMessage, SentDirectMessage, SocialClient } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { Effect, EffectContext, EffectResult } from '#engine/contract.ts';
import { systemClock } from '#lib/clock.ts';
import { GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import { disconnectedWriter, type DmPayload } from './dm-call.ts';

/** Instagram tells of what an account sent within seconds; after this nobody waits for it any more. */
const echoMs = 15 * 60_000;

/**
 * Sends one message. A repeat would reach the fan twice, and Instagram lists nothing: after a lost answer
 * only the echo says that it went out, and where none comes nobody knows.
 */
export function createDmEffect({ db, connections }: { db: Db; connections: Connections }): Effect {
  return {
    class: 'once',
    async perform(context, payload) {
      const message = payload as unknown as DmPayload; // our own, sealed in between
      const { connectionId } = message;
      const { key, signal, mayLeave } = context;
      try {
        const options = { key, signal, mayLeave };
        const { providerId } = await sendWithLatest(connections, connectionId, toMessage(message), options);
        connections.noteSuccess(connectionId);
        return { providerId };
      } catch (error) {
        if (error instanceof RetryLater) connections.noteError(connectionId, error.reason);
        if (!(error instanceof NeedsReconnect)) throw error;
        connections.noteError(connectionId, error.reason, 'needs_reconnect');
        // The step looks again and waits for the account (4.5).
        throw new GiveUp(error.reason, { skip: 'ig_disconnected', cause: error });
      }
    },
    async settle(context, _payload, since) {
      const echoed = await echoedAs(db, context);
      if (echoed !== null) return echoed;
      if (systemClock.now().getTime() - since.getTime() < echoMs)
        throw new RetryLater('Instagram has not said yet whether the message went out.');
      throw new Unsure('Nobody can say whether the message went out.');
    },
    onRefused(_context, payload, skip) {
      const { connectionId } = payload as unknown as DmPayload; // as above
      if (skip !== 'ig_disconnected') return { writes: [], lookAgain: false };
      return { writes: [{ writer: disconnectedWriter, row: { connectionId } }], lookAgain: true };
    },
  };
}

/** A refused token may just have been replaced by another process: then the new one is tried, once. */
async function sendWithLatest(
  connections: Connections,
  connectionId: string,
  message: DirectMessage,
  options: CallOptions,
): Promise<SentDirectMessage> {
  const client = clientOf(await connections.find(connectionId));
  try {
    return await client.send(message, options);
  } catch (error) {
    if (!(error instanceof NeedsReconnect)) throw error;
    const latest = clientOf(await connections.findFresh(connectionId));
    if (latest === client) throw error;
    return latest.send(message, options);
  }
}

function clientOf(connection: Connection | undefined): SocialClient {
  const client = connection?.state === 'disabled' ? null : (connection?.social ?? null);
  if (client === null) throw new GiveUp('The connection of this account is gone.');
  return client;
}

function toMessage({ address, commentId, body: text }: DmPayload): DirectMessage {
  if (commentId !== null) return { text, commentId };
  if (address === null) throw new Error('a message goes to a fan or below a comment');
  return { text, recipientId: address };
}

/** An echo that fits this intent proves the message. */
async function echoedAs(db: Db, { projectId, intentId }: EffectContext): Promise<EffectResult | null> {
  if (intentId === null) return null;
  const row = await db
    .selectFrom('intent')
    .select('provider_id')
    .where('project_id', '=', projectId)
    .where('id', '=', intentId)
    .executeTakeFirst();
  return row?.provider_id == null ? null : { providerId: row.provider_id };
}
