import type { ClientOptions, InboundText, WebhookItem, WebhookReader } from '../connector.ts';
import { toDeliveryStatus } from './api.ts';
import { readTwilioSettings } from './connector.ts';
import { isTwilioOptOut, twilioReason } from './errors.ts';
import { isTwilioSignature } from './signature.ts';

/**
 * Texts from phones and delivery reports of our own. A repeated request reads equal but for the
 * time; the host drops repeats by `providerId` (a report: and its status).
 */
export function createTwilioWebhookReader(options: ClientOptions): WebhookReader {
  const { authToken } = readTwilioSettings(options.settings);
  return {
    verify: (request) =>
      isTwilioSignature({
        authToken,
        signature: request.header('x-twilio-signature'),
        url: request.url,
        contentType: request.header('content-type'),
        rawBody: request.rawBody,
      }),
    parse(request) {
      const fields = new URLSearchParams(request.rawBody.toString('utf8'));
      // Only reports carry `MessageStatus`; `SmsStatus` is in both.
      const item = fields.has('MessageStatus')
        ? toDelivery(fields, options.now())
        : toInbound(fields, options.now());
      return item === undefined ? [] : [item];
    },
    // An empty document: answering with text in it would send that text.
    acknowledgement: { status: 200, contentType: 'text/xml', body: '<Response/>' },
  };
}

function toDelivery(fields: URLSearchParams, at: Date): WebhookItem | undefined {
  const providerId = fields.get('MessageSid');
  const status = toDeliveryStatus(fields.get('MessageStatus') ?? '');
  if (!providerId || status === undefined) return undefined;
  const code = Number(fields.get('ErrorCode') ?? 0);
  const hasCode = Number.isSafeInteger(code) && code > 0;
  return {
    kind: 'delivery',
    providerId,
    status,
    reason: hasCode ? twilioReason(code) : null,
    isOptOut: hasCode && isTwilioOptOut(code),
    at,
  };
}

const optOutTypes: Record<string, InboundText['optOut']> = { STOP: 'stop', START: 'start', HELP: 'help' };

function toInbound(fields: URLSearchParams, receivedAt: Date): WebhookItem | undefined {
  const providerId = fields.get('MessageSid');
  const from = fields.get('From');
  const to = fields.get('To');
  const body = fields.get('Body');
  // Other channels come in as `whatsapp:+1…`: not ours.
  if (!providerId || !from || !to || body === null || !/^\+\d+$/.test(from)) return undefined;
  const optOut = optOutTypes[fields.get('OptOutType')?.toUpperCase() ?? ''] ?? null;
  return {
    kind: 'text',
    text: {
      providerId,
      from,
      to,
      body,
      mediaCount: Number(fields.get('NumMedia') ?? 0) || 0,
      receivedAt,
      optOut,
      zip: fields.get('FromZip') || null,
    },
  };
}
