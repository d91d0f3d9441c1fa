import { createHttp } from '#lib/http.ts';
import type { FakeStore, SmsClient, SmsMessage, WebhookItem } from '../connector.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { serveFetch } from '../testing/serve.ts';
import { createTwilioClient } from './client.ts';
import { createTwilioFake, type TwilioFake, type TwilioFakeOptions } from './fake.ts';
import { createTwilioWebhookReader } from './webhook.ts';

export const accountSid = `AC${'0a'.repeat(16)}`;
export const authToken = '0123456789abcdef0123456789abcdef';
export const ourNumber = '+16195550100';
export const phone = '+12125550123';
export const settings = { accountSid, authToken, numbers: [{ number: ourNumber, type: '10dlc' }] };

export interface Stage {
  fake: TwilioFake;
  client: SmsClient;
  clientWith(changes: Record<string, unknown>): SmsClient;
  url: string;
  store: FakeStore;
  /** Where Segue would be called; it verifies every call. */
  webhookUrl: string;
  /** What came in there with a good signature, in order. */
  received: WebhookItem[];
  /** Statuses to answer webhooks with, in turn; 200 after that. */
  webhookAnswers: number[];
  message(changes?: Partial<SmsMessage>): SmsMessage;
  advance(ms: number): void;
  now(): Date;
  close(): Promise<void>;
}

/** Client, fake and a webhook of Segue with sockets between them, and a clock that is moved by hand. */
export async function setStage(options: Partial<TwilioFakeOptions> = {}): Promise<Stage> {
  let nowMs = Date.parse('2026-11-23T12:00:00Z');
  const now = () => new Date(nowMs);
  const http = createHttp({ defaultTimeoutMs: 500 });
  const received: WebhookItem[] = [];
  const webhookAnswers: number[] = [];
  const reader = createTwilioWebhookReader({ settings, http, now });
  const segue = await serveFetch(async (request) => {
    const rawBody = Buffer.from(await request.arrayBuffer());
    const header = (name: string) => request.headers.get(name) ?? undefined;
    const webhook = { method: request.method, url: request.url, header, rawBody };
    if (!reader.verify(webhook)) return new Response(null, { status: 403 });
    const status = webhookAnswers.shift() ?? 200;
    if (status === 200) received.push(...reader.parse(webhook));
    return new Response(reader.acknowledgement.body, { status });
  });
  const webhookUrl = `${segue.url}/webhooks/twilio/1`;

  const store = options.store ?? createMemoryStore();
  const fake = createTwilioFake({
    store,
    now,
    async deliver({ url, headers, body }) {
      const response = await http({ method: 'POST', url, headers, body });
      return { status: response.status, body: response.text };
    },
    callbacks: { sentAfterMs: 0, deliveredAfterMs: 0 },
    ...options,
  });
  await fake.setNumber({ number: ourNumber, accountSid, authToken, inboundUrl: webhookUrl });
  const served = await serveFetch((request) => fake.fetch(request));
  // Mounted deep, as in the sandbox.
  const baseUrl = `${served.url}/sandbox/providers/twilio`;
  const clientWith = (changes: Record<string, unknown>) =>
    createTwilioClient({ baseUrl, settings: { ...settings, ...changes }, http, now });

  return {
    fake,
    client: clientWith({}),
    clientWith,
    url: baseUrl,
    store,
    webhookUrl,
    received,
    webhookAnswers,
    message: (changes) => ({
      from: ourNumber,
      to: phone,
      body: 'Night Ferry is out.',
      statusCallbackUrl: `${webhookUrl}?intent=1`,
      ...changes,
    }),
    advance: (ms) => void (nowMs += ms),
    now,
    async close() {
      fake.close();
      await Promise.all([served.close(), segue.close()]);
      await http.close();
    },
  };
}
