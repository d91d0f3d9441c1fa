import type { Connection } from '#connections/connections.ts';
import type { LaneRate, SmsClient } from '#connectors/connector.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import { sharesPlan } from './requirements.ts';

/** The number a text leaves from. */
export interface Sender {
  connectionId: string;
  number: string;
  client: SmsClient;
  rate: LaneRate;
  /** Of a short code; null: the number says where it is from. */
  country: string | null;
  /** Its connection is not known to be in trouble. */
  isReady: boolean;
}

export interface WantedSender {
  /** The connection that a step names. */
  connectionId: string | null;
  /** Where the fan wrote to. */
  repliesFrom: { connectionId: string; sender: string } | null;
  /** The fan's number; undefined: there is none. */
  address: string | undefined;
  /** The number that texted it last. */
  textedFrom: string | null;
}

/**
 * Chooses the sender among the numbers that a project was lent, or those of the connection that the
 * step names. Only one that reaches the fan's country will do (R127): the number that she wrote to;
 * else the one that texted her before; else a ready one before others, and of these one of her own
 * country before one of its numbering plan. None reaches it: the first that is ready, so that the
 * requirements say so. Null: no active sender (R52).
 */
export function chooseSender(
  connections: readonly Connection[],
  wanted: WantedSender,
  locate: LocateNumber,
): Sender | null {
  const { connectionId, repliesFrom, address, textedFrom } = wanted;
  const senders = connections
    .flatMap(sendersOf)
    .filter((one) => connectionId === null || one.connectionId === connectionId);
  const country = address === undefined ? null : locate(address).country;
  const reaching = senders.filter((one) => reaches(one, country, locate));
  const isAtHome = (one: Sender) => (one.country ?? locate(one.number).country) === country;
  return (
    (repliesFrom && reaching.find((one) => isSame(one, repliesFrom))) ??
    reaching.find((one) => one.number === textedFrom) ??
    reaching.find((one) => one.isReady && isAtHome(one)) ??
    reaching.find((one) => one.isReady) ??
    reaching.find(isAtHome) ??
    reaching[0] ??
    senders.find((one) => one.isReady) ??
    senders[0] ??
    null
  );
}

/**
 * R127: whether texts of a sender arrive in a country and answers come back: it is of the same one,
 * or of North America, which is one numbering plan. A short code is one in its own country alone.
 */
export function reaches(
  sender: Pick<Sender, 'number' | 'country'>,
  country: string | null,
  locate: LocateNumber,
): boolean {
  if (sender.country !== null) return sender.country === country;
  return sharesPlan(locate(sender.number).country, country);
}

/** The number that a fan wrote to, wherever it reaches: the law's answers come from nowhere else. */
export function findSender(
  connections: readonly Connection[],
  writtenTo: { connectionId: string; sender: string },
): Sender | null {
  return connections.flatMap(sendersOf).find((one) => isSame(one, writtenTo)) ?? null;
}

function isSame(sender: Sender, { connectionId, sender: number }: { connectionId: string; sender: string }) {
  return sender.connectionId === connectionId && sender.number === number;
}

export function sendersOf(connection: Connection): Sender[] {
  const client = connection.sms;
  if (client === null || connection.state === 'disabled') return [];
  return client.senders.map(({ value, country, rate }) => ({
    connectionId: connection.id,
    number: value,
    client,
    rate,
    country,
    isReady: connection.state === 'ready',
  }));
}
