import { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import type { ClientOptions, InboundText, WebhookItem, WebhookReader, WebhookRequest } from '../connector.ts';
import { parseJson } from '../kit/answers.ts';
import { readTelnyxSettings } from './connector.ts';
import { readTelnyxError, telnyxReason } from './errors.ts';
import { messageSchema, toDeliveryStatus, toInboundText } from './message.ts';
import { isTelnyxSigned } from './signature.ts';

const hook = z.object({
  data: z.object({
    event_type: z.string(),
    payload: messageSchema.extend({
      autoresponse_type: z.string().nullish(),
      errors: z.unknown().optional(),
    }),
  }),
});
type Payload = z.infer<typeof hook>['data']['payload'];

const delivery = z.object({ meta: z.object({ delivered_to: z.string() }) });

/**
 * Texts from phones and delivery reports of our own. A repeated request reads equal but for the
 * time; the host drops repeats by `providerId` (a report: and its status).
 */
export function createTelnyxWebhookReader(options: ClientOptions): WebhookReader {
  const { publicKey } = readTelnyxSettings(options.settings);
  return {
    verify: (request) =>
      isTelnyxSigned(
        publicKey,
        {
          timestamp: request.header('telnyx-timestamp'),
          signature: request.header('telnyx-signature-ed25519'),
          rawBody: request.rawBody,
        },
        // A signature's life is real time, whatever a test project's clock says.
        systemClock.now(),
      ) && isForHere(request),
    parse(request) {
      const read = hook.safeParse(parseJson(request.rawBody.toString('utf8')));
      if (!read.success) return [];
      const { event_type: type, payload } = read.data.data;
      const item =
        type === 'message.received'
          ? toInbound(payload, options.now())
          : toDelivery(type, payload, options.now());
      return item === undefined ? [] : [item];
    },
    acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
  };
}

/**
 * The address is not signed, but the body says where it was sent: a report cannot be replayed for
 * another text. Path and query alone: a proxy may stand in front under another name.
 */
function isForHere({ url, rawBody }: WebhookRequest): boolean {
  const read = delivery.safeParse(parseJson(rawBody.toString('utf8')));
  if (!read.success) return true;
  return pathOf(read.data.meta.delivered_to) === pathOf(url);
}

function pathOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function toDelivery(type: string, payload: Payload, at: Date): WebhookItem | undefined {
  if (type !== 'message.sent' && type !== 'message.finalized') return undefined;
  const status = toDeliveryStatus(payload.to?.[0]?.status);
  if (status === undefined) return undefined;
  const error = readTelnyxError(payload.errors);
  return {
    kind: 'delivery',
    providerId: payload.id,
    status,
    reason: error === undefined ? null : telnyxReason(error.code),
    isOptOut: error?.isOptOut ?? false,
    at,
  };
}

const optOutTypes: Record<string, InboundText['optOut']> = { STOP: 'stop', START: 'start', HELP: 'help' };

function toInbound(payload: Payload, receivedAt: Date): WebhookItem | undefined {
  const text = toInboundText(payload, receivedAt);
  if (text === undefined) return undefined;
  return {
    kind: 'text',
    text: { ...text, optOut: optOutTypes[payload.autoresponse_type?.toUpperCase() ?? ''] ?? null },
  };
}
