import type { Entry } from '#engine/contract.ts';
import type { InboundText } from '#connectors/connector.ts';
import { cleanText, cutText } from '#lib/clean-text.ts';

/** A text as it came in through a connection, on its way into one project. */
export interface ReceivedText {
  providerId: string;
  connectionId: string;
  from: string;
  to: string;
  body: string;
  mediaCount: number;
  zip: string | null;
  /** What the provider did with it by itself. */
  handled: 'stop' | 'start' | 'help' | null;
  /** Texts of this number are read by more than one project (R117). */
  isSharedSender: boolean;
  /** Of several projects that take the text, one answers it for all. */
  isAnswerer: boolean;
  /** When the provider got it; of one that was caught up on, long ago. */
  at: Date;
}

export const inboundType = 'sms.received';

/** The longest a phone can send in ten parts; more is cut before it is kept. */
const maxBody = 1_600;
const maxZip = 10;

/**
 * The entry of an inbound text. Its key is the provider's message id, so that a text delivered
 * again, by a retry or by catching up, is the same event.
 */
export function inboundEntry(
  connectionId: string,
  text: InboundText,
  route: Pick<ReceivedText, 'handled' | 'isSharedSender' | 'isAnswerer'>,
): Entry {
  const { providerId, from, to, body, mediaCount, zip, receivedAt } = text;
  const cut = cutText(cleanText(body), maxBody);
  const home = zip === null ? null : cutText(cleanText(zip), maxZip);
  return {
    source: connectionId,
    key: providerId,
    type: inboundType,
    // The provider's id says all: what it delivers again may differ in details we do not use.
    fingerprint: '',
    occurredAt: receivedAt,
    payload: { text: { providerId, connectionId, from, to, body: cut, mediaCount, zip: home, ...route } },
  };
}

export function receivedText({ payload, occurredAt }: Pick<Entry, 'payload' | 'occurredAt'>): ReceivedText {
  const text = payload['text'] as unknown as Omit<ReceivedText, 'at'>; // put there by inboundEntry
  return { ...text, at: occurredAt };
}
