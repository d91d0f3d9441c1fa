import { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import { isWebhookSigned } from '#lib/standard-webhooks.ts';
import type { ClientOptions, EmailReport, WebhookReader } from '../connector.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { readReference } from '../kit/email/reference.ts';
import { readResendSettings } from './connector.ts';

const hook = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    email_id: z.string().min(1),
    to: z.array(z.string()).min(1),
    tags: z.record(z.string(), z.string()).optional(),
    bounce: z.object({ type: z.string(), subType: z.string().optional() }).optional(),
    suppressed: z.object({ reason: z.string().optional() }).optional(),
  }),
});
type Hook = z.infer<typeof hook>;

/** Reports on mails, signed the Standard Webhooks way with the headers of Svix. */
export function createResendWebhookReader(options: ClientOptions): WebhookReader {
  const { webhookSecret } = readResendSettings(options.settings);
  return {
    verify: (request) =>
      webhookSecret !== undefined &&
      isWebhookSigned(
        webhookSecret,
        {
          id: request.header('svix-id'),
          timestamp: request.header('svix-timestamp'),
          signature: request.header('svix-signature'),
          rawBody: request.rawBody,
        },
        systemClock.now(),
      ),
    parse(request) {
      const read = hook.safeParse(parseJson(request.rawBody.toString('utf8')));
      if (!read.success) return [];
      const what = eventOf(read.data);
      if (what === undefined) return [];
      const { data, created_at: createdAt } = read.data;
      const at = new Date(createdAt);
      return data.to.map((address) => ({
        kind: 'email' as const,
        ...what,
        address: address.toLowerCase(),
        providerId: data.email_id,
        reference: readReference(data.tags),
        at: Number.isNaN(at.getTime()) ? options.now() : at,
      }));
    },
    acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
  };
}

function eventOf({ type, data }: Hook): Pick<EmailReport, 'event' | 'reason'> | undefined {
  if (type === 'email.delivered') return { event: 'delivered', reason: null };
  if (type === 'email.complained') return { event: 'complaint', reason: 'The reader marked it as spam.' };
  if (type === 'email.suppressed')
    return { event: 'hard_bounce', reason: 'Resend: the address bounced or complained before.' };
  if (type !== 'email.bounced') return undefined;
  const kind = `${data.bounce?.type ?? ''}${data.bounce?.subType === undefined ? '' : `, ${data.bounce.subType}`}`;
  const isPermanent = data.bounce?.type === 'Permanent';
  const words = isPermanent
    ? 'the address does not exist or refuses mail'
    : 'the mail could not be delivered now';
  return { event: isPermanent ? 'hard_bounce' : 'soft_bounce', reason: `Resend: ${words} (${kind}).` };
}
