import type { Connection } from '#connections/connections.ts';
import type { LaneRate, SmsClient } from '#connectors/connector.ts';

/** The number a text leaves from. */
export interface Sender {
  connectionId: string;
  number: string;
  client: SmsClient;
  rate: LaneRate;
}

/**
 * Chooses the sender: the connection that the step names, else the number that the fan wrote to,
 * else the project's first. Null: no active sender (R52).
 */
export function chooseSender(
  connections: readonly Connection[],
  wanted: { connectionId: string | null; repliesFrom: { connectionId: string; sender: string } | null },
): Sender | null {
  const senders = connections.flatMap(sendersOf);
  if (wanted.connectionId !== null) {
    const own = senders.filter((sender) => sender.connectionId === wanted.connectionId);
    return own.find((sender) => sender.number === wanted.repliesFrom?.sender) ?? own[0] ?? null;
  }
  const { repliesFrom } = wanted;
  const same = senders.find(
    (one) => one.connectionId === repliesFrom?.connectionId && one.number === repliesFrom.sender,
  );
  return same ?? senders[0] ?? null;
}

export function sendersOf(connection: Connection): Sender[] {
  const client = connection.sms;
  if (client === null || connection.state === 'disabled') return [];
  return client.senders.map(({ value, rate }) => ({
    connectionId: connection.id,
    number: value,
    client,
    rate,
  }));
}
