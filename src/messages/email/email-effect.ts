import { createHash } from 'node:crypto';
import type { Connections } from '#connections/connections.ts';
import type { EmailClient, EmailMessage } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { Effect, EffectContext, EffectResult, JsonObject } from '#engine/contract.ts';
import { systemClock } from '#lib/clock.ts';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { composeEmail, type EmailToCompose } from './compose-email.ts';
import { emailEffects, keyedWindowMs, suppressWriter } from './email-call.ts';
import { createGatherer } from './gather.ts';

interface Payload {
  connectionId: string;
  to: string;
  email: EmailToCompose;
}

/** A provider tells of a mail within minutes; then nobody waits any longer for it to. */
const reportMs = 15 * 60_000;

/**
 * Sends one mail. Most providers know no key and list no mails: after a lost answer only their report
 * says that it went out, and where none comes nobody knows; it is never sent a second time. Where the
 * provider recognises a key, it is asked again with the same one.
 */
export function createEmailEffects(deps: { db: Db; connections: Connections }): Record<string, Effect> {
  const { db, connections } = deps;
  const gather = createGatherer();

  const common: Pick<Effect, 'perform' | 'onRefused'> = {
    async perform(context, payload) {
      const mail = payload as unknown as Payload; // our own, sealed in between
      const { client, message } = await prepare(connections, context, mail);
      const { key, signal, mayLeave } = context;
      try {
        const { providerId } = await gather(mail.connectionId, client, { message, key, signal, mayLeave });
        connections.noteSuccess(mail.connectionId);
        return { providerId };
      } catch (error) {
        noteFailure(connections, mail.connectionId, error);
        // A dead address is a skip with that reason, like one that was known to be dead (4.5).
        if (error instanceof Undeliverable) throw new GiveUp(error.reason, { skip: 'bounced', cause: error });
        throw error;
      }
    },
    onRefused(_context, payload, skip) {
      const { to } = payload as unknown as Payload; // as above
      const row: JsonObject = { address: to };
      return { writes: skip === 'bounced' ? [{ writer: suppressWriter, row }] : [], lookAgain: false };
    },
  };

  return {
    [emailEffects.once]: {
      ...common,
      class: 'once',
      async settle(context, payload, since) {
        const { connectionId } = payload as unknown as Payload; // as above
        return (await reported(db, context)) ?? (await wait(connections, connectionId, since));
      },
    },
    [emailEffects.keyed]: { ...common, class: 'keyed', windowMs: keyedWindowMs },
  };
}

async function prepare(
  connections: Connections,
  { projectId, intentId, key }: EffectContext,
  { connectionId, to, email }: Payload,
): Promise<{ client: EmailClient; message: EmailMessage }> {
  const connection = await connections.find(connectionId);
  const client = connection?.state === 'disabled' ? null : (connection?.email ?? null);
  if (client === null) throw new GiveUp('The connection of this sender is gone.');
  const { subject, html, text } = await composeEmail(email);
  const { address } = client.sender;
  // The same for every attempt: some mail programs show equal ones once.
  const name = createHash('sha256').update(`${projectId} ${key}`).digest('hex').slice(0, 32);
  const message: EmailMessage = {
    from: { address, name: email.programme },
    to,
    subject,
    html,
    text,
    headers: {
      'List-Unsubscribe': `<${email.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    messageId: `${name}@${address.slice(address.lastIndexOf('@') + 1)}`,
    reference: { projectId, intentId: intentId ?? '' },
  };
  return { client, message };
}

/** A report that named this intent proves the mail. */
async function reported(db: Db, { projectId, intentId }: EffectContext): Promise<EffectResult | null> {
  if (intentId === null) return null;
  const row = await db
    .selectFrom('intent')
    .select('provider_id')
    .where('project_id', '=', projectId)
    .where('id', '=', intentId)
    .executeTakeFirst();
  return row?.provider_id == null ? null : { providerId: row.provider_id };
}

/** A provider that reports may still do so; of a mail server nobody ever hears. */
async function wait(connections: Connections, connectionId: string, since: Date): Promise<never> {
  const connection = await connections.find(connectionId);
  const isHeard = connection?.webhook != null;
  if (isHeard && systemClock.now().getTime() - since.getTime() < reportMs)
    throw new RetryLater('The provider has not said yet whether the mail went out.');
  throw new Unsure('Nobody can say whether the mail went out.');
}

function noteFailure(connections: Connections, connectionId: string, error: unknown): void {
  if (error instanceof NeedsReconnect) connections.noteError(connectionId, error.reason, 'needs_reconnect');
  else if (error instanceof RetryLater) connections.noteError(connectionId, error.reason);
}
