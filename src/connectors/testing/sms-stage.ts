import { createHttp, type Http } from '#lib/http.ts';
import type {
  FakeOptions,
  FakeStore,
  SmsClient,
  SmsMessage,
  WebhookItem,
  WebhookReader,
} from '../connector.ts';
import { createMemoryStore } from './memory-store.ts';
import { serveFetch } from './serve.ts';

export const ourNumber = '+16195550100';
export const phone = '+12125550123';

export interface SmsStage<F> {
  fake: F;
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

interface Given {
  settings: Record<string, unknown>;
  http: Http;
  now: () => Date;
}

export interface SmsStageParts<F> {
  connector: string;
  store?: FakeStore | undefined;
  createFake(options: FakeOptions): F;
  /** Gives the fake `ourNumber`; answers with the settings of a connection over it. */
  addNumber(fake: F, webhookUrl: string): Promise<Record<string, unknown>>;
  createClient(given: Given & { baseUrl: string }): SmsClient;
  createReader(given: Given): WebhookReader;
}

/** Client, fake and a webhook of Segue with sockets between them, and a clock that is moved by hand. */
export async function setSmsStage<F extends { fetch(request: Request): Promise<Response>; close(): void }>(
  parts: SmsStageParts<F>,
): Promise<SmsStage<F> & { settings: Record<string, unknown> }> {
  let nowMs = Date.parse('2026-11-23T12:00:00Z');
  const now = () => new Date(nowMs);
  const http = createHttp({ defaultTimeoutMs: 500 });
  const received: WebhookItem[] = [];
  const webhookAnswers: number[] = [];
  const store = parts.store ?? createMemoryStore();
  const fake = parts.createFake({
    store,
    now,
    async deliver({ url, headers, body }) {
      const response = await http({ method: 'POST', url, headers, body });
      return { status: response.status, body: response.text };
    },
  });
  const segue = await serveFetch(async (request) => {
    const reader = parts.createReader({ settings, http, now });
    const rawBody = Buffer.from(await request.arrayBuffer());
    const header = (name: string) => request.headers.get(name) ?? undefined;
    const webhook = { method: request.method, url: request.url, header, rawBody };
    if (!(await reader.verify(webhook))) return new Response(null, { status: 403 });
    const status = webhookAnswers.shift() ?? 200;
    if (status === 200) received.push(...reader.parse(webhook));
    return new Response(reader.acknowledgement.body, { status });
  });
  const webhookUrl = `${segue.url}/webhooks/${parts.connector}/1`;
  const settings = await parts.addNumber(fake, webhookUrl);
  const served = await serveFetch((request) => fake.fetch(request));
  // Mounted deep, as in the sandbox.
  const baseUrl = `${served.url}/sandbox/providers/${parts.connector}`;
  const clientWith = (changes: Record<string, unknown>) =>
    parts.createClient({ baseUrl, settings: { ...settings, ...changes }, http, now });
  let texts = 0;
  return {
    fake,
    settings,
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
      statusCallbackUrl: `${webhookUrl}?intent=${(texts += 1)}`,
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
