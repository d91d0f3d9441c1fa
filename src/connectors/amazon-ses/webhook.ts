import { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import type { ClientOptions, EmailReport, WebhookReader } from '../connector.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { readReference } from '../kit/email/reference.ts';
import { readAmazonSesSettings } from './connector.ts';
import { createCertificates, isSigned, readEnvelope } from './sns.ts';

const people = z.array(z.object({ emailAddress: z.string() }));

/** An event of a configuration set (`eventType`) or a notification of an identity (`notificationType`). */
const eventSchema = z.object({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    messageId: z.string().min(1),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: people,
      timestamp: z.string(),
    })
    .optional(),
  complaint: z.object({ complainedRecipients: people, timestamp: z.string() }).optional(),
  delivery: z.object({ recipients: z.array(z.string()), timestamp: z.string() }).optional(),
});
type SesEvent = z.infer<typeof eventSchema>;

/**
 * What SES tells by SNS. Anybody with an account there can have SNS sign a message to us: only the
 * topic of the settings is believed, and only certificates from Amazon's own address.
 */
export function createAmazonSesWebhookReader(options: ClientOptions): WebhookReader {
  const { topicArn } = readAmazonSesSettings(options.settings);
  const isAmazon = (url: string) => isSnsUrl(url, topicArn, options.baseUrl);
  const certificates = createCertificates(options.http, isAmazon);
  return {
    async verify(request) {
      const message = readEnvelope(request.rawBody);
      if (topicArn === undefined || message === undefined || message.TopicArn !== topicArn) return false;
      const certificate = await certificates.find(message.SigningCertURL);
      return certificate !== undefined && isSigned(message, certificate, systemClock.now());
    },
    async confirm(request) {
      const message = readEnvelope(request.rawBody);
      if (message?.Type !== 'SubscriptionConfirmation' || message.SubscribeURL === undefined) return;
      if (!isAmazon(message.SubscribeURL)) return;
      const { status } = await options.http({ method: 'GET', url: message.SubscribeURL });
      if (status !== 200) throw new Error(`SNS answered the confirmation with ${status}`);
    },
    parse(request) {
      const message = readEnvelope(request.rawBody);
      if (message?.Type !== 'Notification') return [];
      const event = eventSchema.safeParse(parseJson(message.Message)).data;
      return event === undefined ? [] : reportsOf(event, options.now());
    },
    acknowledgement: { status: 200, contentType: 'text/plain', body: '' },
  };
}

/** SNS of the topic's own region over https; below another base URL where the operator or the sandbox set one. */
function isSnsUrl(url: string, topicArn: string | undefined, baseUrl: string | undefined): boolean {
  if (baseUrl !== undefined && url.startsWith(`${baseUrl.replace(/\/+$/, '')}/`)) return true;
  const parsed = URL.parse(url);
  const region = topicArn?.split(':')[3] ?? '';
  const host = `sns.${region}.amazonaws.com`;
  return (
    parsed?.protocol === 'https:' &&
    parsed.port === '' &&
    parsed.username === '' &&
    (parsed.hostname === host || parsed.hostname === `${host}.cn`)
  );
}

function reportsOf(event: SesEvent, now: Date): EmailReport[] {
  const tags = Object.fromEntries(
    Object.entries(event.mail.tags ?? {}).map(([name, values]) => [name, values[0] ?? '']),
  );
  const known = { kind: 'email' as const, providerId: event.mail.messageId, reference: readReference(tags) };
  const { bounce, complaint, delivery } = event;
  const kind = event.eventType ?? event.notificationType;
  if (kind === 'Bounce' && bounce !== undefined) {
    const what = bounceOf(bounce);
    return bounce.bouncedRecipients.map(({ emailAddress }) => ({
      ...known,
      ...what,
      address: bare(emailAddress),
      at: moment(bounce.timestamp, now),
    }));
  }
  if (kind === 'Complaint' && complaint !== undefined) {
    return complaint.complainedRecipients.map(({ emailAddress }) => ({
      ...known,
      event: 'complaint' as const,
      reason: 'The reader marked it as spam.',
      address: bare(emailAddress),
      at: moment(complaint.timestamp, now),
    }));
  }
  if (kind !== 'Delivery' || delivery === undefined) return [];
  return delivery.recipients.map((address) => ({
    ...known,
    event: 'delivered' as const,
    reason: null,
    address: bare(address),
    at: moment(delivery.timestamp, now),
  }));
}

function bounceOf({ bounceType, bounceSubType = '' }: NonNullable<SesEvent['bounce']>): {
  event: EmailReport['event'];
  reason: string;
} {
  const kind = [bounceType, bounceSubType].filter((word) => /^[A-Za-z]{1,40}$/.test(word)).join(', ');
  return bounceType === 'Permanent'
    ? { event: 'hard_bounce', reason: `Amazon SES: the address does not exist or refuses mail (${kind}).` }
    : { event: 'soft_bounce', reason: `Amazon SES: the mail could not be delivered now (${kind}).` };
}

/** SES writes some as `Name <address>`. */
function bare(address: string): string {
  return (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}

function moment(text: string, otherwise: Date): Date {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? otherwise : at;
}
