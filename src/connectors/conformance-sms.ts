import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type {
  ClientOptions,
  ConnectorServer,
  FakeOptions,
  Meter,
  SmsClient,
  SmsFake,
  SmsMessage,
  WebhookReader,
  WebhookRequest,
} from './connector.ts';
import { serveHostile } from './testing/hostile.ts';
import type { HostileAnswer, HostileServer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFetch } from './testing/serve.ts';
import type { ServedFetch } from './testing/serve.ts';

/** What any SMS connector owes the host, whoever the provider is. */
const ourNumber = '+16195550100';
const phone = '+12125550123';
const webhookUrl = 'https://segue.example/webhooks/some/1?x=1';
const now = () => new Date('2026-11-23T12:00:00Z');
const call = { key: 'run:1:sms' };
const message: SmsMessage = {
  from: ourNumber,
  to: phone,
  body: 'Night Ferry is out.',
  statusCallbackUrl: webhookUrl,
};

/** The call may have been carried out: nobody said in the provider's words that it was not. */
const unsure: [name: string, answer: HostileAnswer][] = [
  ['503 without a body', { kind: 'answer', status: 503 }],
  ['502 with a page of somebody else', { kind: 'answer', status: 502, body: '<h1>Bad gateway</h1>' }],
  ['200 that is not JSON', { kind: 'answer', status: 200, body: '<html>Sign in to this network</html>' }],
  ['200 cut short', { kind: 'answer', status: 200, body: '{"sid":"S' }],
  ['200 of another shape', { kind: 'answer', status: 200, body: '{"hello":"world"}' }],
  ['an answer that ends half way', { kind: 'half-closed' }],
  ['a connection that ends before a byte', { kind: 'reset' }],
  ['no answer in time', { kind: 'silent' }],
];

export function describeSms(server: ConnectorServer, createFake: (options: FakeOptions) => SmsFake): void {
  const { sms: createClient, webhook: createReader } = server;
  if (createClient === undefined) return;

  describe(`${server.definition.id}: SMS`, () => {
    const http = createHttp({ defaultTimeoutMs: 250 });
    const delivered: WebhookRequest[] = [];
    let hostile: HostileServer;
    let served: ServedFetch;
    let fake: SmsFake;
    let settings: Record<string, unknown>;
    /** Towards the fake, and towards the server that answers as told. */
    let client: SmsClient;
    let unlucky: SmsClient;

    beforeAll(async () => {
      hostile = await serveHostile();
    });
    beforeEach(async () => {
      delivered.length = 0;
      fake = createFake({
        store: createMemoryStore(),
        now,
        async deliver({ url, headers, body }) {
          const header = (name: string) => headers[name.toLowerCase()];
          delivered.push({ method: 'POST', url, header, rawBody: Buffer.from(body) });
          return { status: 200, body: '' };
        },
      });
      settings = await fake.addNumber(ourNumber, webhookUrl);
      served = await serveFetch((request) => fake.fetch(request));
      client = createClient({ baseUrl: served.url, settings, http, now });
      unlucky = createClient({ baseUrl: hostile.url, settings, http, now });
    });
    beforeEach(() => async () => served.close());
    afterAll(async () => {
      await hostile.close();
      await http.close();
    });

    it('makes settings that its own schema takes, and lends the number', () => {
      expect(server.definition.settings.safeParse(settings).success).toBe(true);
      expect(client.senders).toMatchObject([{ kind: 'number', value: ourNumber }]);
    });

    it('R104 what a form was filled in with is an account that texts and is texted, all numbers of it', async () => {
      const telling = createFake({
        store: createMemoryStore(),
        now,
        webhookUrl: () => webhookUrl,
        async deliver(request) {
          const header = (name: string) => request.headers[name.toLowerCase()];
          delivered.push({ method: 'POST', url: request.url, header, rawBody: Buffer.from(request.body) });
          return { status: 200, body: '' };
        },
      });
      const form = createFake({
        store: createMemoryStore(),
        now,
        deliver: () => Promise.reject(new Error()),
      });
      const begun = form.connectionSettings();
      // As: what the schema says, which every SMS connector has.
      const [first] = begun['numbers'] as { number: string }[];
      const numbers = [first, { ...first, number: '+447700900123' }];
      const entered = server.definition.settings.parse({ ...begun, numbers });
      await telling.own({ nothing: 'of ours' });
      await telling.own(entered);
      await telling.own(entered);
      const door = await serveFetch((request) => telling.fetch(request));
      const ours = createClient({ baseUrl: door.url, settings: entered, http, now });
      for (const { value: from } of ours.senders) {
        await expect(ours.send({ ...message, from }, call)).resolves.toHaveProperty('providerId');
        expect(await telling.receiveText({ from: phone, to: from, body: 'hi' })).toMatchObject({
          webhookStatus: 200,
        });
      }
      await telling.settled();
      await door.close();
      const reader = createReader?.({ settings: entered, http, now });
      const isSigned = delivered.map((request) => reader?.verify(request));
      expect(new Set(isSigned)).toEqual(new Set([true]));
    });

    it('sends a text to a phone and finds it again', async () => {
      const sent = await client.send(message, call);
      await fake.settled();
      expect(await fake.texts({ number: phone, direction: 'in' })).toMatchObject([{ body: message.body }]);
      const search = { since: now(), knownIds: new Set<string>() };
      expect(await client.find(message, search)).toMatchObject({ providerId: sent.providerId });
      // A day later even a provider that lists what has left its queue must know what is not there.
      const tomorrow = () => new Date(now().getTime() + 24 * 3_600_000);
      const later = createClient({ baseUrl: served.url, settings, http, now: tomorrow });
      expect(await later.find(message, { ...search, knownIds: new Set([sent.providerId]) })).toBeNull();
      // Another text has other words, and another address for its reports.
      const other = { ...message, body: 'other', statusCallbackUrl: `${webhookUrl}&intent=2` };
      expect(await later.find(other, search)).toBeNull();
    });

    it('the parts of a day are counted, and when they are used up the lane waits for midnight', async () => {
      const used = new Map<string, number>();
      const meter: Meter = {
        async take({ bucket, day, units, limit }) {
          const sum = (used.get(`${bucket} ${day}`) ?? 0) + units;
          if (sum <= limit) used.set(`${bucket} ${day}`, sum);
          return sum <= limit;
        },
      };
      const counted = server.definition.settings.parse({ ...settings, partsPerDay: 3 });
      const capped = createClient({ baseUrl: served.url, settings: counted, http, now, meter });
      await capped.send({ ...message, body: 'x'.repeat(161) }, call);
      await capped.send(message, call);
      const before = fake.calls().length;
      const error = await rejection(capped.send(message, call));
      expect(error).toBeInstanceOf(RetryLater);
      expect(error).toMatchObject({ isLaneWide: true });
      expect(fake.calls()).toHaveLength(before);
      expect([...used]).toEqual([['parts 2026-11-23', 3]]);
      // 4 a.m. in California: twenty hours to go.
      const waitMs = (error instanceof RetryLater ? (error.at?.getTime() ?? 0) : 0) - Date.now();
      expect(Math.round(waitMs / 3_600_000)).toBe(20);
    });

    it('R84 counts what left its numbers on a day, and nothing of another day or of what it refused', async () => {
      await client.send(message, call);
      await client.send({ ...message, body: 'x'.repeat(161) }, call);
      await fake.receiveText({ from: phone, to: ourNumber, body: 'one' });
      await rejection(client.send({ ...message, to: '+1' }, call));
      await fake.settled();
      expect(await client.countSent('2026-11-23')).toEqual({ texts: 2, parts: 3 });
      expect(await client.countSent('2026-11-22')).toEqual({ texts: 0, parts: 0 });
    });

    it('lists texts that came in since, oldest first', async () => {
      for (const body of ['one', 'two']) await fake.receiveText({ from: phone, to: ourNumber, body });
      const bodies: string[] = [];
      for await (const text of client.listInbound(now())) bodies.push(text.body);
      expect(bodies).toEqual(['one', 'two']);
    });

    it('R98 a text to a phone that opted out with the provider is the block of this pair', async () => {
      await fake.receiveText({ from: phone, to: ourNumber, body: 'STOP' });
      const error = await rejection(client.send(message, call));
      expect(error).toBeInstanceOf(GiveUp);
      expect(error).toMatchObject({ skip: 'provider_block' });
    });

    it('the fake in trouble, in its own words: try later, then all is well', async () => {
      for (const mode of ['error', 'rate_limited'] as const) {
        fake.setFault({ mode, count: 1 });
        const error = await rejection(client.send(message, call));
        expect(error).toBeInstanceOf(RetryLater);
        expect(error).toMatchObject({ isLaneWide: mode === 'rate_limited' });
        await expect(client.send(message, call)).resolves.toHaveProperty('providerId');
      }
    });

    it.each(['down', 'garbage', 'timeout'] as const)(
      'the fake with the fault %s: unsure, then all is well',
      async (mode) => {
        fake.setFault({ mode, ms: 400, count: 1 });
        expect(await rejection(client.send(message, call))).toBeInstanceOf(Unsure);
        await expect(client.send(message, call)).resolves.toHaveProperty('providerId');
      },
    );

    it('a slow provider is only slow', async () => {
      fake.setFault({ mode: 'slow', ms: 100, count: 1 });
      await expect(client.send(message, call)).resolves.toHaveProperty('providerId');
    });

    it.each(unsure)('sending, %s: unsure', async (_name, answer) => {
      hostile.answerWith(answer);
      expect(await rejection(unlucky.send(message, call))).toBeInstanceOf(Unsure);
      // A repeat could reach the phone twice: never by the connector itself.
      expect(hostile.seen).toHaveLength(1);
    });

    it.each(unsure)('looking, %s: try later, never "not there"', async (_name, answer) => {
      hostile.answerWith(answer);
      expect(await rejection(unlucky.find(message, { since: now(), knownIds: new Set() }))).toBeInstanceOf(
        RetryLater,
      );
      expect(await rejection(readAll(unlucky.listInbound(now())))).toBeInstanceOf(RetryLater);
      expect(await rejection(unlucky.countSent('2026-11-23'))).toBeInstanceOf(RetryLater);
    });

    it('nobody there: try later', async () => {
      const closed = await serveHostile();
      await closed.close();
      const lost = createClient({ baseUrl: closed.url, settings, http, now });
      expect(await rejection(lost.send(message, call))).toBeInstanceOf(RetryLater);
    });

    it('429: the lane waits as long as asked', async () => {
      hostile.answerWith({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
      const before = Date.now();
      const error = await rejection(unlucky.send(message, call));
      expect(error).toBeInstanceOf(RetryLater);
      expect(error).toMatchObject({ isLaneWide: true });
      const waitMs = (error instanceof RetryLater ? (error.at?.getTime() ?? 0) : 0) - before;
      expect(waitMs).toBeGreaterThanOrEqual(7_000);
      expect(waitMs).toBeLessThan(8_000);
    });

    it.each([400, 403, 404, 422])('%d without the provider’s words: give up', async (status) => {
      hostile.answerWith({ kind: 'answer', status, body: '{}' });
      expect(await rejection(unlucky.send(message, call))).toBeInstanceOf(GiveUp);
    });

    it.each([301, 302, 307, 308])(
      '%d: no redirect is followed, so that keys go nowhere else',
      async (status) => {
        const location = `${hostile.url}/elsewhere`;
        hostile.answerWith({ kind: 'answer', status, headers: { location } });
        expect(await rejection(unlucky.send(message, call))).toBeInstanceOf(ConnectorError);
        expect(await rejection(readAll(unlucky.listInbound(now())))).toBeInstanceOf(ConnectorError);
        expect(hostile.seen).toHaveLength(2);
        expect(hostile.seen.filter((one) => one.includes('/elsewhere'))).toEqual([]);
      },
    );

    it('401: connect again', async () => {
      hostile.answerWith({ kind: 'answer', status: 401, body: '{}' });
      expect(await rejection(unlucky.send(message, call))).toBeInstanceOf(NeedsReconnect);
      expect(await rejection(unlucky.find(message, { since: now(), knownIds: new Set() }))).toBeInstanceOf(
        NeedsReconnect,
      );
    });

    it.each<[name: string, answer: HostileAnswer]>([
      ['in an error', { kind: 'echo', shape: (echo) => ({ code: 21999, message: echo, status: 400 }) }],
      [
        'in another shape',
        { kind: 'echo', shape: (echo) => ({ errors: [{ detail: echo }], message: echo }) },
      ],
      ['nowhere, but breaks off', { kind: 'half-closed' }],
      ['nowhere, but hangs up', { kind: 'reset' }],
    ])('R64 no secret reaches an error when the provider repeats them %s', async (_where, answer) => {
      const secrets = server.definition.secretSettings.map((name) => String(settings[name]));
      hostile.answerWith(answer);
      const errors = [
        await rejection(unlucky.send(message, call)),
        await rejection(unlucky.find(message, { since: now(), knownIds: new Set() })),
        await rejection(readAll(unlucky.listInbound(now()))),
      ];
      for (const error of errors) {
        expect(error).toBeInstanceOf(ConnectorError);
        // `inspect` shows the stack, the causes and every property, as a log would.
        const text = inspect(error, { depth: 10 });
        for (const secret of [...secrets, 'Basic ', 'Bearer ']) expect(text).not.toContain(secret);
      }
    });

    if (createReader !== undefined) {
      describeWebhooks(
        () => createReader(optionsOf()),
        () => delivered,
        async () => {
          await fake.receiveText({ from: phone, to: ourNumber, body: 'PRESAVE é 🎵' });
          await client.send(message, call);
          await fake.settled();
        },
      );
    }

    function optionsOf(): ClientOptions {
      return { settings, http, now };
    }
  });
}

function describeWebhooks(
  createReader: () => WebhookReader,
  delivered: () => readonly WebhookRequest[],
  stir: () => Promise<void>,
): void {
  it('reads what the provider signed: the text, then the delivery', async () => {
    await stir();
    const reader = createReader();
    expect(delivered().map((request) => reader.verify(request))).not.toContain(false);
    const items = delivered().flatMap((request) => reader.parse(request));
    expect(items[0]).toMatchObject({
      kind: 'text',
      text: { from: phone, to: ourNumber, body: 'PRESAVE é 🎵' },
    });
    expect(items.at(-1)).toMatchObject({ kind: 'delivery', status: 'delivered', reason: null });
  });

  it('a replayed webhook reads equal', async () => {
    await stir();
    const reader = createReader();
    for (const request of delivered()) expect(reader.parse(request)).toEqual(reader.parse(request));
  });

  it('refuses a request of which a byte changed', async () => {
    await stir();
    const reader = createReader();
    for (const request of delivered()) {
      const forged: WebhookRequest[] = [
        { ...request, rawBody: Buffer.from(request.rawBody.toString().replace('2125550123', '2125550124')) },
        { ...request, rawBody: Buffer.concat([request.rawBody, Buffer.from('&A=1')]) },
        { ...request, url: `${request.url}1` },
        { ...request, header: () => undefined },
        { ...request, header: (name) => (name.includes('signature') ? 'AAAA' : request.header(name)) },
      ];
      expect(forged.map((each) => reader.verify(each))).toEqual(forged.map(() => false));
    }
  });

  it('garbage gives no items and throws nothing', () => {
    const reader = createReader();
    for (const body of ['', '{', '\u0000', '%E0%A4%A', '[]', 'null', 'a=b&&&=']) {
      const request = { method: 'POST', url: 'no url', header: () => body, rawBody: Buffer.from(body) };
      expect(reader.verify(request)).toBe(false);
      expect(reader.parse(request)).toEqual([]);
    }
  });
}

/** Reads to the end and counts. */
async function readAll(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const item of items) count += Number(item !== undefined);
  return count;
}

/** What a promise was rejected with. */
function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
}
