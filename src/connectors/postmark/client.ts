import { z } from 'zod';
import { type ConnectorError, Unsure } from '#lib/errors.ts';
import type { ClientOptions, EmailClient, EmailMessage, SentEmail } from '../connector.ts';
import { mailbox, senderOf } from '../kit/email/settings.ts';
import { createOnceApi } from '../kit/email/once-calls.ts';
import { type PostmarkSettings, postmarkRate, readPostmarkSettings } from './connector.ts';
import { classifyPostmark, classifyPostmarkCode } from './errors.ts';

const publicBaseUrl = 'https://api.postmarkapp.com';
const maxBatch = 500;

/** Of a mail that was not taken there is a code and no id. */
const answer = z.object({ ErrorCode: z.number().int(), MessageID: z.string().optional() });
type Answer = z.infer<typeof answer>;

/** Postmark's `/email` as an `EmailClient`. It knows no idempotency key: a repeat is a second mail. */
export function createPostmarkClient(options: ClientOptions): EmailClient {
  const settings = readPostmarkSettings(options.settings);
  const baseUrl = (options.baseUrl ?? publicBaseUrl).replace(/\/+$/, '');
  const call = createOnceApi({ http: options.http, label: 'Postmark', toError: classifyPostmark });
  const post = (path: string, body: unknown) => ({
    method: 'POST' as const,
    url: `${baseUrl}${path}`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-postmark-server-token': settings.serverToken,
    },
    body: JSON.stringify(body),
  });

  return {
    async send(message, limits) {
      const sent = toSent(await call(post('/email', toBody(message, settings)), limits, answer));
      if ('providerId' in sent) return sent;
      throw sent;
    },
    batch: {
      max: maxBatch,
      // The call succeeds even where single mails were refused.
      async send(messages, limits) {
        const bodies = messages.map((message) => toBody(message, settings));
        const answers = await call(post('/email/batch', bodies), limits, z.array(answer));
        if (answers.length === messages.length) return answers.map(toSent);
        throw new Unsure('Postmark took the mails but did not answer for each of them.');
      },
    },
    repeat: { class: 'once' },
    sender: senderOf(settings, { returnPathPrefix: 'pm-bounces' }),
    rate: postmarkRate,
  };
}

function toSent({ ErrorCode: code, MessageID: id }: Answer): SentEmail | ConnectorError {
  if (code !== 0) return classifyPostmarkCode(code);
  return id === undefined || id === ''
    ? new Unsure('Postmark took the mail but gave it no id.')
    : { providerId: id };
}

function toBody(message: EmailMessage, { messageStream }: PostmarkSettings) {
  const { from, to, subject, html, text, headers, reference } = message;
  return {
    From: mailbox(from),
    To: to,
    Subject: subject,
    HtmlBody: html,
    TextBody: text,
    Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    MessageStream: messageStream,
    Metadata: { project: reference.projectId, intent: reference.intentId },
    // No open pixel (R114), and links as they were written.
    TrackOpens: false,
    TrackLinks: 'None',
  };
}
