import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import type { ClientOptions, EmailClient, EmailMessage } from '../connector.ts';
import { asciiMailbox, senderOf } from '../kit/email/settings.ts';
import { createOnceApi } from '../kit/email/once-calls.ts';
import { type AmazonSesSettings, amazonSesRate, readAmazonSesSettings } from './connector.ts';
import { classifyAmazonSes } from './errors.ts';

const path = '/v2/email/outbound-emails';

const answer = z.object({ MessageId: z.string().min(1) });

/**
 * SES v2 `SendEmail` as an `EmailClient`. It knows no idempotency key: a repeat is a second mail. Its
 * bulk call takes stored templates only, so mails leave one by one.
 */
export function createAmazonSesClient(options: ClientOptions): EmailClient {
  const settings = readAmazonSesSettings(options.settings);
  const ownUrl = `https://email.${settings.region}.amazonaws.com`;
  const baseUrl = (options.baseUrl ?? ownUrl).replace(/\/+$/, '');
  /** Keys of a day, which the secret becomes in four steps. */
  const dayKeys = new Map<string, ArrayBuffer>();
  const call = createOnceApi({ http: options.http, label: 'Amazon SES', toError: classifyAmazonSes });

  return {
    async send(message, limits) {
      const body = JSON.stringify(toBody(message, settings));
      // Signed for SES itself, whatever stands in between.
      const headers = await signedHeaders(settings, dayKeys, ownUrl + path, body);
      const request = { method: 'POST' as const, url: baseUrl + path, headers, body };
      const { MessageId: providerId } = await call(request, limits, answer);
      return { providerId };
    },
    repeat: { class: 'once' },
    sender: senderOf(settings),
    rate: amazonSesRate(settings),
  };
}

async function signedHeaders(
  { region, accessKeyId, secretAccessKey }: AmazonSesSettings,
  cache: Map<string, ArrayBuffer>,
  url: string,
  body: string,
): Promise<Record<string, string>> {
  const signer = new AwsV4Signer({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body,
    accessKeyId,
    secretAccessKey,
    service: 'ses',
    region,
    cache,
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

function toBody(message: EmailMessage, { configurationSet }: AmazonSesSettings) {
  const { from, to, subject, html, text, headers, reference } = message;
  const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: asciiMailbox(from),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: utf8(subject),
        Body: { Html: utf8(html), Text: utf8(text) },
        Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
      },
    },
    EmailTags: [
      { Name: 'project', Value: reference.projectId },
      { Name: 'intent', Value: reference.intentId },
    ],
    ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
  };
}
