import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Unsure } from '#lib/errors.ts';
import type { ClientOptions, EmailClient, EmailMessage } from '../connector.ts';
import { mailbox, senderOf } from '../kit/email/settings.ts';
import { createOnceApi } from '../kit/email/once-calls.ts';
import { readResendSettings, resendRate } from './connector.ts';
import { classifyResend } from './errors.ts';

const publicBaseUrl = 'https://api.resend.com';
const maxBatch = 100;
/** So long Resend knows an idempotency key; an hour less, since the two clocks are not one. */
const keyWindowMs = 23 * 3_600_000;

const sent = z.object({ id: z.string().min(1) });
const batchSent = z.object({ data: z.array(sent) });

/** Resend's `/emails` as an `EmailClient`: each mail under its key, so that a repeat is recognised. */
export function createResendClient(options: ClientOptions): EmailClient {
  const settings = readResendSettings(options.settings);
  const baseUrl = (options.baseUrl ?? publicBaseUrl).replace(/\/+$/, '');
  const call = createOnceApi({ http: options.http, label: 'Resend', toError: classifyResend });
  const post = (path: string, key: string, body: unknown) => ({
    method: 'POST' as const,
    url: `${baseUrl}${path}`,
    headers: {
      authorization: `Bearer ${settings.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey(key),
    },
    body: JSON.stringify(body),
  });

  return {
    async send(message, limits) {
      const { id } = await call(post('/emails', limits.key, toBody(message)), limits, sent);
      return { providerId: id };
    },
    batch: {
      max: maxBatch,
      // All or none: one that is not valid has the whole list refused.
      async send(messages, limits) {
        const answer = await call(post('/emails/batch', limits.key, messages.map(toBody)), limits, batchSent);
        if (answer.data.length !== messages.length)
          throw new Unsure('Resend took the mails but did not name each of them.');
        return answer.data.map(({ id }) => ({ providerId: id }));
      },
    },
    repeat: { class: 'keyed', windowMs: keyWindowMs },
    // What Resend has every domain set up.
    sender: senderOf(settings, { dkimSelectors: ['resend'], returnPathPrefix: 'send' }),
    rate: resendRate(settings),
  };
}

/** At most 256 characters; a longer one is known by its hash. */
function idempotencyKey(key: string): string {
  return key.length <= 256 ? key : createHash('sha256').update(key).digest('hex');
}

function toBody(message: EmailMessage) {
  const { from, to, subject, html, text, headers, reference } = message;
  return {
    from: mailbox(from),
    to: [to],
    subject,
    html,
    text,
    headers,
    // Values of tags are letters, digits and hyphens: ids fit.
    tags: [
      { name: 'project', value: reference.projectId },
      { name: 'intent', value: reference.intentId },
    ],
  };
}
