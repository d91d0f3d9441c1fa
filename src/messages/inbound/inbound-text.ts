import type { Entry, JsonObject } from '#engine/contract.ts';
import type { InboundText } from '#connectors/connector.ts';
import { cleanText } from '#lib/clean-text.ts';

/** A text as it came in through a connection, as the engine keeps it while it is accepted. */
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
}

export const inboundType = 'sms.received';

/** The longest a phone can send in ten parts; more is cut before it is kept. */
const maxBody = 1_600;

/**
 * The entry of an inbound text. Its key is the provider's message id, so that a text delivered
 * again, by a retry or by catching up, is the same event.
 */
export function inboundEntry(
  connectionId: string,
  text: InboundText,
  handled: ReceivedText['handled'],
): Entry {
  const received: ReceivedText = {
    providerId: text.providerId,
    connectionId,
    from: text.from,
    to: text.to,
    body: cleanText(text.body).slice(0, maxBody),
    mediaCount: text.mediaCount,
    zip: text.zip,
    handled,
  };
  return {
    source: connectionId,
    key: text.providerId,
    type: inboundType,
    // The provider's id says all: what it delivers again may differ in details we do not use.
    fingerprint: '',
    occurredAt: text.receivedAt,
    payload: { text: { ...received } },
  };
}

export function receivedText(payload: JsonObject): ReceivedText {
  return payload['text'] as unknown as ReceivedText; // put there by inboundEntry
}
