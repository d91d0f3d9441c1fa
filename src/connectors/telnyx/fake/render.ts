import { errorOf } from './errors.ts';
import type { FakeMessage } from './state.ts';

const ended = new Set(['delivered', 'delivery_failed', 'sending_failed']);

/** A message as the API and the webhooks show it. */
export function renderMessage(message: FakeMessage): Record<string, unknown> {
  const isInbound = message.direction === 'inbound';
  return {
    record_type: 'message',
    direction: message.direction,
    id: message.id,
    type: message.mediaCount > 0 ? 'MMS' : 'SMS',
    messaging_profile_id: message.profileId,
    organization_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
    from: {
      phone_number: message.from,
      carrier: isInbound ? 'T-Mobile USA' : 'Telnyx',
      line_type: 'Wireless',
    },
    to: [
      {
        phone_number: message.to,
        status: isInbound ? 'webhook_delivered' : message.status,
        carrier: isInbound ? 'Telnyx' : 'T-Mobile USA',
        line_type: 'Wireless',
      },
    ],
    cc: [],
    text: message.body,
    subject: isInbound ? '' : null,
    media: Array.from({ length: message.mediaCount }, (_, index) => ({
      url: `https://media.telnyx.example/${message.id}/${index}.jpg`,
      content_type: 'image/jpeg',
      sha256: null,
      size: 40_000,
    })),
    webhook_url: message.statusCallback,
    webhook_failover_url: null,
    encoding: isGsm(message) ? 'GSM-7' : 'UCS-2',
    parts: message.parts,
    tags: [],
    cost: null,
    received_at: message.createdAt,
    sent_at: message.sentAt,
    completed_at: ended.has(message.status) ? (message.sentAt ?? message.createdAt) : null,
    valid_until: null,
    errors: message.errorCode === null ? [] : [errorOf(message.errorCode)],
    ...(isInbound && { autoresponse_type: message.autoresponse, is_spam: false }),
  };
}

/** Near enough for a field that nobody reads: no text in GSM-7 needs a letter beyond the euro sign. */
function isGsm({ body }: FakeMessage): boolean {
  return !/[^\p{ASCII}\u00a1-\u00ff€Δ-Ω]/u.test(body);
}

/** How records name what became of a message. */
const recordStatuses: Record<string, string> = {
  sent: 'dlr_unconfirmed',
  delivered: 'delivered',
  delivery_failed: 'gw_reject',
  sending_failed: 'failed',
  received: 'received',
};

/** A message in the detail records: without its words. */
export function renderRecord(message: FakeMessage): Record<string, unknown> {
  return {
    record_type: 'message_detail_record',
    uuid: message.id,
    user_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
    created_at: message.createdAt,
    updated_at: message.sentAt ?? message.createdAt,
    sent_at: message.sentAt,
    completed_at: message.sentAt,
    cli: message.from,
    cld: message.to,
    country_code: 'US',
    source_country_code: 'US',
    direction: message.direction,
    status: recordStatuses[message.status],
    delivery_status: null,
    delivery_status_webhook_url: message.statusCallback,
    delivery_status_failover_url: null,
    errors: message.errorCode === null ? [] : [String(message.errorCode)],
    message_type: message.mediaCount > 0 ? 'MMS' : 'SMS',
    on_net: false,
    parts: message.parts,
    profile_id: message.profileId,
    profile_name: 'Segue',
    carrier: 'T-Mobile USA',
    rate: '0.004',
    cost: (0.004 * message.parts).toFixed(3),
    currency: 'USD',
    tags: '',
  };
}
