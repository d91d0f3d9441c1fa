import { randomUUID } from 'node:crypto';
import type { FakeOptions } from '../connector.ts';
import { createHttpEmailFake, type FakeCall, type HttpEmailFake } from '../kit/email/fake.ts';
import type { Mailboxes } from '../kit/email/mailboxes.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { createInactive, type Inactive } from './fake/inactive.ts';
import { hookOf } from './fake/hooks.ts';
import { checkMail, refuse } from './fake/mail.ts';

const serverToken = 'sandbox-server-token-0001';
const webhookUser = 'segue';
const webhookPassword = 'the password of the sandbox';
const domain = 'mail.example';
const maxBatch = 500;

/** A small Postmark: `/email`, `/email/batch`, inactive recipients and webhooks with a password. */
export function createPostmarkFake(options: FakeOptions): HttpEmailFake {
  const inactive = createInactive(options.store);
  return createHttpEmailFake({
    options,
    words: {
      error: () => refuse(500, 500, 'Internal server error'),
      rateLimited: () => refuse(429, 429, 'Rate limit exceeded', { 'retry-after': '1' }),
    },
    settings: () => ({
      serverToken,
      fromAddress: `hello@${domain}`,
      dkimSelectors: ['20261101pm'],
      messageStream: 'broadcast',
      webhookUser,
      webhookPassword,
    }),
    load: () => inactive.load(),
    async answer(call, mailboxes) {
      const refusal = refusalOf(call);
      if (refusal !== undefined) return refusal;
      const body = parseJson(call.body);
      if (call.path === '/email') {
        const one = await take(mailboxes, inactive, options.now(), body);
        return Response.json(one, { status: one.ErrorCode === 0 ? 200 : 422 });
      }
      if (!Array.isArray(body)) return refuse(422, 403, 'The body is no list');
      if (body.length > maxBatch) return refuse(422, 410, 'Too many messages in the batch');
      const answers: PostmarkAnswer[] = [];
      for (const one of body) answers.push(await take(mailboxes, inactive, options.now(), one));
      // Also when single mails were refused.
      return Response.json(answers);
    },
    hookOf(mail, event, at) {
      if (event === 'hard_bounce' || event === 'complaint') void inactive.add(mail.to);
      return {
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${webhookUser}:${webhookPassword}`).toString('base64')}`,
        },
        body: JSON.stringify(hookOf(mail, event, at.domain)),
      };
    },
  });
}

function refusalOf({ method, path, headers, body }: FakeCall): Response | undefined {
  if (path !== '/email' && path !== '/email/batch') return refuse(404, 404, 'Not found');
  if (method !== 'POST') return refuse(405, 405, 'Method not allowed');
  if (headers.get('x-postmark-server-token') !== serverToken)
    return refuse(401, 10, 'Request does not contain a valid Server token.');
  if (headers.get('content-type')?.split(';')[0]?.trim() !== 'application/json')
    return refuse(415, 402, 'The content type is not JSON');
  return parseJson(body) === undefined ? refuse(422, 402, 'Received invalid JSON') : undefined;
}

interface PostmarkAnswer {
  ErrorCode: number;
  Message: string;
  To?: string;
  SubmittedAt?: string;
  MessageID?: string;
}

async function take(
  mailboxes: Mailboxes,
  inactive: Inactive,
  now: Date,
  body: unknown,
): Promise<PostmarkAnswer> {
  const mail = checkMail(body, domain);
  if ('ErrorCode' in mail) return mail;
  if (inactive.has(mail.to))
    return { ErrorCode: 406, Message: 'You tried to send to a recipient that has been marked as inactive.' };
  const id = randomUUID();
  await mailboxes.add({ id, ...mail });
  return { ErrorCode: 0, Message: 'OK', To: mail.to, SubmittedAt: now.toISOString(), MessageID: id };
}
