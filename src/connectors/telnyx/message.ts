import { z } from 'zod';
import type { DeliveryStatus, InboundText, SentText } from '../connector.ts';

/** The fields of a message that are read; Telnyx adds new ones without notice. */
export const messageSchema = z.object({
  id: z.string().min(1),
  direction: z.string().nullish(),
  from: z.object({ phone_number: z.string().nullish() }).nullish(),
  to: z.array(z.object({ phone_number: z.string().nullish(), status: z.string().nullish() })).nullish(),
  text: z.string().nullish(),
  media: z.array(z.unknown()).nullish(),
  parts: z.number().nullish(),
  received_at: z.string().nullish(),
  webhook_url: z.string().nullish(),
});
export type TelnyxMessage = z.infer<typeof messageSchema>;

/** What messages say, and what records say. */
const deliveryStatuses: Record<string, DeliveryStatus> = {
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  // The carrier took it and told nothing more.
  delivery_unconfirmed: 'sent',
  dlr_unconfirmed: 'sent',
  dlr_timeout: 'sent',
  delivery_failed: 'undelivered',
  gw_reject: 'undelivered',
  gw_timeout: 'undelivered',
  expired: 'undelivered',
  sending_failed: 'failed',
  failed: 'failed',
};

/** Telnyx's word as ours; undefined for one that says nothing about a text we sent. */
export function toDeliveryStatus(status: string | null | undefined): DeliveryStatus | undefined {
  return status != null && Object.hasOwn(deliveryStatuses, status) ? deliveryStatuses[status] : undefined;
}

export function toSentText(message: TelnyxMessage): SentText {
  return {
    providerId: message.id,
    status: toDeliveryStatus(message.to?.[0]?.status) ?? 'queued',
    parts: toParts(message.parts),
  };
}

/** Null where Telnyx does not say. */
export function toParts(parts: number | null | undefined): number | null {
  return parts != null && Number.isInteger(parts) && parts > 0 ? parts : null;
}

/** Undefined: no text from a phone. `receivedAt` is used where the message does not say. */
export function toInboundText(message: TelnyxMessage, receivedAt: Date): InboundText | undefined {
  const from = message.from?.phone_number;
  const to = message.to?.[0]?.phone_number;
  if (!from || !to || !/^\+\d+$/.test(from) || message.direction === 'outbound') return undefined;
  const at = new Date(message.received_at ?? Number.NaN);
  return {
    providerId: message.id,
    from,
    to,
    body: message.text ?? '',
    mediaCount: message.media?.length ?? 0,
    receivedAt: Number.isNaN(at.getTime()) ? receivedAt : at,
    optOut: null,
    zip: null,
  };
}
