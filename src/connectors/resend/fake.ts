import { randomUUID } from 'node:crypto';
import { signWebhook } from '#lib/standard-webhooks.ts';
import type { FakeOptions } from '../connector.ts';
import { createHttpEmailFake, type FakeCall, type HttpEmailFake } from '../kit/email/fake.ts';
import type { Mailboxes } from '../kit/email/mailboxes.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { refuse } from './fake/answers.ts';
import { hookOf } from './fake/hooks.ts';
import { createKeys } from './fake/keys.ts';
import { checkMail, type ResendMail } from './fake/mail.ts';

const apiKey = 're_sandbox_0123456789';
const webhookSecret = `whsec_${Buffer.from('the secret of the sandbox').toString('base64')}`;
const domain = 'mail.example';
const maxBatch = 100;

/** A small Resend: `/emails`, `/emails/batch`, idempotency keys and webhooks. */
export function createResendFake(options: FakeOptions): HttpEmailFake {
  const keys = createKeys(options.store, options.now);
  return createHttpEmailFake({
    options,
    words: {
      error: () => refuse(500, 'internal_server_error'),
      rateLimited: () => refuse(429, 'rate_limit_exceeded', { 'retry-after': '1', 'ratelimit-reset': '1' }),
    },
    settings: () => ({
      apiKey,
      fromAddress: `hello@${domain}`,
      dkimSelectors: [],
      webhookSecret,
      mailsPerSecond: 100,
    }),
    load: () => keys.load(),
    answer(call, mailboxes) {
      const refusal = refusalOf(call);
      if (refusal !== undefined) return Promise.resolve(refusal);
      const body = parseJson(call.body);
      const perform = call.path === '/emails' ? sendOne : sendBatch;
      return keys.answer(call.headers.get('idempotency-key'), call.path + call.body, () =>
        perform(mailboxes, body),
      );
    },
    hookOf(mail, event, at) {
      const body = JSON.stringify(hookOf(mail, event, at.domain));
      const id = `msg_${randomUUID()}`;
      const timestamp = String(Math.floor(at.wall.getTime() / 1000));
      return {
        headers: {
          'content-type': 'application/json',
          'svix-id': id,
          'svix-timestamp': timestamp,
          'svix-signature': signWebhook(webhookSecret, id, timestamp, body),
        },
        body,
      };
    },
  });
}

function refusalOf({ method, path, headers, body }: FakeCall): Response | undefined {
  const authorization = headers.get('authorization');
  if (authorization === null) return refuse(401, 'missing_api_key');
  if (authorization !== `Bearer ${apiKey}`) return refuse(403, 'invalid_api_key');
  if (path !== '/emails' && path !== '/emails/batch') return refuse(404, 'not_found');
  if (method !== 'POST') return refuse(405, 'method_not_allowed');
  const isJson = headers.get('content-type')?.split(';')[0]?.trim() === 'application/json';
  return isJson && parseJson(body) !== undefined ? undefined : refuse(422, 'missing_required_field');
}

async function sendOne(mailboxes: Mailboxes, body: unknown): Promise<Response> {
  const mail = checkMail(body, domain);
  return mail instanceof Response ? mail : Response.json({ id: await take(mailboxes, mail) });
}

/** All or none. */
async function sendBatch(mailboxes: Mailboxes, body: unknown): Promise<Response> {
  if (!Array.isArray(body) || body.length === 0 || body.length > maxBatch)
    return refuse(422, 'validation_error');
  const mails: ResendMail[] = [];
  for (const one of body) {
    const checked = checkMail(one, domain);
    if (checked instanceof Response) return checked;
    mails.push(checked);
  }
  const data: { id: string }[] = [];
  for (const mail of mails) data.push({ id: await take(mailboxes, mail) });
  return Response.json({ data });
}

async function take(mailboxes: Mailboxes, mail: ResendMail): Promise<string> {
  const id = randomUUID();
  await mailboxes.add({ id, ...mail });
  return id;
}
