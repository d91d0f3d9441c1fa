import { randomUUID } from 'node:crypto';
import { systemClock } from '#lib/clock.ts';
import type { FakeOptions } from '../connector.ts';
import { createHttpEmailFake, type FakeCall, type HttpEmailFake } from '../kit/email/fake.ts';
import type { Mailboxes } from '../kit/email/mailboxes.ts';
import { parseJson } from '../kit/email/once-calls.ts';
import { refuse } from './fake/answers.ts';
import { certificate } from './fake/certificate.ts';
import { eventOf } from './fake/events.ts';
import { checkMail } from './fake/mail.ts';
import { isSignedRequest } from './fake/signature.ts';
import { type SnsOptions, signedEnvelope } from './fake/sns.ts';

const account = {
  region: 'us-east-1',
  accessKeyId: 'AKIASANDBOX000000001',
  secretAccessKey: 'the secret access key of the sandbox',
};
const topicArn = 'arn:aws:sns:us-east-1:123456789012:segue';
const domain = 'mail.example';

export interface AmazonSesFakeOptions extends FakeOptions {
  /** Which signature the topic uses; Amazon still makes new ones with version 1. */
  signatureVersion?: SnsOptions['signatureVersion'];
}

/** A small SES, API v2, with the SNS topic that tells of its mails. */
export function createAmazonSesFake(options: AmazonSesFakeOptions): HttpEmailFake {
  const { webhookUrl, deliver, ownUrl = () => 'http://127.0.0.1' } = options;
  const sns: SnsOptions = { topicArn, ownUrl, signatureVersion: options.signatureVersion ?? '1' };
  let isConfirmed = false;
  const token = randomUUID();

  /** SNS asks once whether it may, and tells nothing before the address was called that it names. */
  async function subscribe(): Promise<void> {
    if (isConfirmed || webhookUrl === undefined) return;
    const hook = signedEnvelope(sns, { kind: 'confirmation', token, at: systemClock.now() });
    await deliver({ url: webhookUrl(), ...hook });
    if (!isConfirmed) throw new Error('the subscription was not confirmed');
  }

  return createHttpEmailFake({
    options,
    words: {
      error: () => refuse(500, 'InternalServiceErrorException'),
      rateLimited: () => refuse(429, 'TooManyRequestsException'),
    },
    settings: () => ({
      ...account,
      fromAddress: `hello@${domain}`,
      dkimSelectors: ['sandbox1', 'sandbox2', 'sandbox3'],
      returnPathDomain: `bounce.${domain}`,
      configurationSet: 'segue',
      topicArn,
      mailsPerSecond: 100,
    }),
    // SNS and its certificates.
    isBeside: ({ method }) => method === 'GET',
    async answer(call, mailboxes) {
      if (call.method === 'GET' && call.path.endsWith('.pem')) return new Response(certificate);
      if (call.method === 'GET' && call.url.searchParams.get('Action') === 'ConfirmSubscription') {
        if (call.url.searchParams.get('Token') !== token) return refuse(400, 'InvalidParameterException');
        isConfirmed = true;
        return new Response('<ConfirmSubscriptionResponse/>', { headers: { 'content-type': 'text/xml' } });
      }
      return send(call, mailboxes);
    },
    beforeHook: subscribe,
    hookOf: (mail, event, at) => {
      const told = eventOf(mail, event, at.domain);
      return told === null ? null : signedEnvelope(sns, { kind: 'notification', event: told, at: at.wall });
    },
  });
}

async function send(call: FakeCall, mailboxes: Mailboxes): Promise<Response> {
  const { method, path, headers, body } = call;
  if (path !== '/v2/email/outbound-emails') return refuse(404, 'UnknownOperationException');
  if (method !== 'POST') return refuse(405, 'UnknownOperationException');
  const signature = isSignedRequest({ method, path, headers, body }, account, systemClock.now());
  if (signature !== 'ok') return refuse(403, signature);
  const mail = checkMail(parseJson(body), domain);
  if (typeof mail === 'string') return refuse(400, mail);
  const id = `0100${randomUUID()}-000000`;
  await mailboxes.add({ id, ...mail });
  return Response.json({ MessageId: id });
}
