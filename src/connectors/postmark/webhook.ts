import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ClientOptions, EmailReport, WebhookReader } from '../connector.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { readReference } from '../kit/email/reference.ts';
import { readPostmarkSettings } from './connector.ts';

const hook = z.object({
  RecordType: z.string(),
  MessageID: z.string().min(1),
  Email: z.string().optional(),
  Recipient: z.string().optional(),
  Type: z.string().optional(),
  Inactive: z.boolean().optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().nullish(),
  BouncedAt: z.string().optional(),
  DeliveredAt: z.string().optional(),
  ChangedAt: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
});
type Hook = z.infer<typeof hook>;

/** Reports on mails. Postmark signs nothing: it signs in with the user name and password of the webhook's URL. */
export function createPostmarkWebhookReader(options: ClientOptions): WebhookReader {
  const { webhookUser, webhookPassword } = readPostmarkSettings(options.settings);
  const expected =
    webhookUser === undefined || webhookPassword === undefined
      ? undefined
      : `Basic ${Buffer.from(`${webhookUser}:${webhookPassword}`).toString('base64')}`;
  return {
    verify: (request) => expected !== undefined && isSame(expected, request.header('authorization')),
    parse(request) {
      const read = hook.safeParse(parseJson(request.rawBody.toString('utf8')));
      if (!read.success) return [];
      const what = eventOf(read.data);
      const address = read.data.Email ?? read.data.Recipient;
      if (what === undefined || address === undefined) return [];
      return [
        {
          kind: 'email',
          ...what,
          address: address.toLowerCase(),
          providerId: read.data.MessageID,
          reference: readReference(read.data.Metadata),
          at: momentOf(read.data, options.now()),
        },
      ];
    },
    acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
  };
}

/** Hashed first, so that neither length nor content shows in the time it takes. */
function isSame(expected: string, given: string | undefined): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(hash(expected), hash(given));
}

function eventOf(record: Hook): Pick<EmailReport, 'event' | 'reason'> | undefined {
  switch (record.RecordType) {
    case 'Delivery':
      return { event: 'delivered', reason: null };
    case 'SpamComplaint':
      return { event: 'complaint', reason: 'The reader marked it as spam.' };
    case 'SubscriptionChange':
      return subscriptionEvent(record);
    case 'Bounce':
      return bounceEvent(record);
    default:
      return undefined;
  }
}

/** A hard bounce, or one after which Postmark sends nothing there any more. */
function bounceEvent({ Type: type = '', Inactive: isInactive }: Hook): Pick<EmailReport, 'event' | 'reason'> {
  const name = /^[A-Za-z]{1,40}$/.test(type) ? type : 'Bounce';
  if (name === 'SpamComplaint') return { event: 'complaint', reason: 'The reader marked it as spam.' };
  const isHard =
    isInactive === true || ['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated'].includes(name);
  return isHard
    ? { event: 'hard_bounce', reason: `Postmark: the address does not exist or refuses mail (${name}).` }
    : { event: 'soft_bounce', reason: `Postmark: the mail could not be delivered now (${name}).` };
}

function subscriptionEvent(record: Hook): Pick<EmailReport, 'event' | 'reason'> | undefined {
  if (record.SuppressSending !== true) return undefined;
  if (record.SuppressionReason === 'HardBounce')
    return { event: 'hard_bounce', reason: 'Postmark: the address does not exist or refuses mail.' };
  if (record.SuppressionReason === 'SpamComplaint')
    return { event: 'complaint', reason: 'The reader marked it as spam.' };
  return { event: 'unsubscribed', reason: null };
}

function momentOf(record: Hook, otherwise: Date): Date {
  const at = new Date(record.BouncedAt ?? record.DeliveredAt ?? record.ChangedAt ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? otherwise : at;
}
