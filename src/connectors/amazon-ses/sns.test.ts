import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHttp, type Http } from '#lib/http.ts';
import type { FakeOptions, WebhookRequest } from '../connector.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { serveFetch, type ServedFetch } from '../testing/serve.ts';
import { createAmazonSesFake, type AmazonSesFakeOptions } from './fake.ts';
import { signedEnvelope } from './fake/sns.ts';
import { createAmazonSesWebhookReader } from './webhook.ts';

const topicArn = 'arn:aws:sns:us-east-1:123456789012:segue';
const now = () => new Date();
let http: ReturnType<typeof createHttp>;
let served: ServedFetch;
let settings: Record<string, unknown>;

beforeEach(async () => {
  http = createHttp();
  const deliver: FakeOptions['deliver'] = () => Promise.resolve({ status: 200, body: '' });
  const options: AmazonSesFakeOptions = { store: createMemoryStore(), now, deliver };
  const fake = createAmazonSesFake(options);
  settings = fake.connectionSettings();
  served = await serveFetch((request) => fake.fetch(request));
});
afterEach(async () => {
  await served.close();
  await http.close();
});

function requestOf(
  change: Partial<Parameters<typeof signedEnvelope>[0]> = {},
  spoil = (body: string) => body,
) {
  const options = { topicArn, ownUrl: () => served.url, signatureVersion: '1' as const, ...change };
  const { headers, body } = signedEnvelope(options, { kind: 'notification', event: {}, at: now() });
  const header = (name: string) => headers[name];
  const request: WebhookRequest = {
    method: 'POST',
    url: 'https://x.example',
    header,
    rawBody: Buffer.from(spoil(body)),
  };
  return request;
}

const reader = (baseUrl: string | undefined = served.url, fetch: Http = http) =>
  createAmazonSesWebhookReader({ settings, http: fetch, now, ...(baseUrl !== undefined && { baseUrl }) });

test.each(['1', '2'] as const)('a signature of version %s fits', async (signatureVersion) => {
  expect(await reader().verify(requestOf({ signatureVersion }))).toBe(true);
});

test('another topic is not believed, though Amazon signed it', async () => {
  const other = 'arn:aws:sns:us-east-1:999999999999:evil';
  expect(await reader().verify(requestOf({ topicArn: other }))).toBe(false);
});

test('a changed message is not believed', async () => {
  const spoil = (body: string) => body.replace('"Message":"{}"', '"Message":"{\\"a\\":1}"');
  expect(await reader().verify(requestOf({}, spoil))).toBe(false);
});

test.each([
  'https://sns.us-east-1.amazonaws.com.evil.example/a.pem',
  'https://evil.example/sns.us-east-1.amazonaws.com/a.pem',
  'http://sns.us-east-1.amazonaws.com/a.pem',
  'https://sns.us-east-1.amazonaws.com:444/a.pem',
  'https://user@sns.us-east-1.amazonaws.com/a.pem',
])('a certificate from %s is not even fetched', async (url) => {
  const asked: string[] = [];
  const fetch: Http = (request) => {
    asked.push(request.url);
    return Promise.reject(new Error('not to be called'));
  };
  const spoil = (body: string) => body.replace(/"SigningCertURL":"[^"]*"/, `"SigningCertURL":"${url}"`);
  expect(
    await createAmazonSesWebhookReader({ settings, http: fetch, now }).verify(requestOf({}, spoil)),
  ).toBe(false);
  expect(asked).toEqual([]);
});
