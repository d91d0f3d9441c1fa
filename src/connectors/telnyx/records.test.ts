import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RetryLater, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { serveHostile, type HostileAnswer } from '../testing/hostile.ts';
import { createTelnyxClient } from './client.ts';
import { ourNumber, phone, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const call = { key: 'run:1:telnyx' };
const none: ReadonlySet<string> = new Set();
const hour = 3_600_000;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function errorOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => new Error(`no error, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

/** A client towards a server that answers as told. */
async function towards(
  answers: HostileAnswer[],
  run: (client: ReturnType<typeof createTelnyxClient>) => Promise<void>,
) {
  const hostile = await serveHostile();
  const http = createHttp();
  hostile.answerWith(...answers);
  await run(createTelnyxClient({ baseUrl: hostile.url, settings: stage.settings, http, now: stage.now }));
  await hostile.close();
  await http.close();
  return hostile.seen;
}

const json = (body: unknown): HostileAnswer => ({ kind: 'answer', status: 200, body: JSON.stringify(body) });

describe('an unknown end and its settling', () => {
  test.each(['timeout', 'garbage'] as const)('%s after carrying out: unsure, then found', async (mode) => {
    stage.fake.setLostAnswer('carried_out');
    stage.fake.setFault({ mode, ms: 20, count: 1 });
    const message = stage.message();
    await expect(stage.client.send(message, call)).rejects.toThrow(Unsure);
    await stage.fake.settled();
    const found = await stage.client.find(message, { since: stage.now(), knownIds: none });
    const [text] = await stage.fake.texts({ number: phone });
    expect(found).toEqual({ providerId: text?.id, status: 'delivered', parts: 1 });
  });

  test('not carried out: nobody can know before the queue must be empty; then it is not there', async () => {
    const message = stage.message();
    const since = stage.now();
    stage.fake.setFault({ mode: 'garbage', count: 1 });
    await expect(stage.client.send(message, call)).rejects.toThrow(Unsure);
    const find = () => stage.client.find(message, { since, knownIds: none });
    await expect(find()).rejects.toThrow(RetryLater);
    stage.advance(4 * hour);
    await expect(find()).rejects.toThrow(RetryLater);
    stage.advance(hour);
    expect(await find()).toBeNull();
  });

  test('a text still in the queue is listed nowhere and is never taken for missing', async () => {
    stage.fake.setCallbacks({ sentAfterMs: 60_000 });
    const message = stage.message();
    await stage.client.send(message, call);
    const error = await errorOf(stage.client.find(message, { since: stage.now(), knownIds: none }));
    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toMatchObject({ isLaneWide: false });
  });

  test('equal words to the same phone are another text: its reports go elsewhere', async () => {
    const since = stage.now();
    const mine = stage.message();
    const another = stage.message();
    await stage.client.send(another, call);
    await stage.fake.settled();
    stage.advance(5 * hour);
    expect(await stage.client.find(mine, { since, knownIds: none })).toBeNull();
    expect(await stage.client.find(another, { since, knownIds: none })).not.toBeNull();
  });

  test('a text of before, one of another pair, and the provider’s own answer are not ours', async () => {
    const message = stage.message();
    await stage.client.send(message, call);
    await stage.fake.settled();
    stage.advance(10_000);
    const since = stage.now();
    await stage.client.send(stage.message({ to: '+12125550999' }), call);
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'HELP' });
    await stage.fake.settled();
    stage.advance(5 * hour);
    expect(await stage.client.find(message, { since, knownIds: none })).toBeNull();
  });

  test('reads on over pages', async () => {
    const since = stage.now();
    const first = stage.message();
    await stage.client.send(first, call);
    for (let i = 0; i < 60; i += 1) await stage.client.send(stage.message({ body: `Filler ${i}` }), call);
    await stage.fake.settled();
    const before = stage.fake.calls().length;
    expect(await stage.client.find(first, { since, knownIds: none })).not.toBeNull();
    const read = stage.fake.calls().slice(before);
    expect(read.filter(({ path }) => path === '/v2/detail_records')).toHaveLength(2);
  });

  const record = { uuid: 'one', created_at: '2026-11-23T12:00:00Z', status: 'delivered', parts: 1 };
  const records = (rows: unknown[]) => json({ data: rows, meta: { total_pages: 1 } });

  test.each<[name: string, kept: unknown, isFound: boolean]>([
    ['its reports came to us', { webhook_url: 'https://a.example/1' }, true],
    [
      'its reports went elsewhere',
      { webhook_url: 'https://a.example/2', text: 'Night Ferry is out.' },
      false,
    ],
    ['no address, our words', { text: 'Night Ferry is out.' }, true],
    ['no address, other words', { text: 'Something else' }, false],
  ])('a record without an address is read: %s', async (_name, kept, isFound) => {
    const message = stage.message({ statusCallbackUrl: 'https://a.example/1' });
    const since = stage.now();
    stage.advance(5 * hour);
    await towards([records([record]), json({ data: { id: 'one', ...(kept as object) } })], async (client) => {
      const found = await client.find(message, { since, knownIds: none });
      expect(found).toEqual(isFound ? { providerId: 'one', status: 'delivered', parts: 1 } : null);
    });
  });

  test('a record that cannot be read proves nothing', async () => {
    const gone: HostileAnswer = { kind: 'answer', status: 404, body: '{"errors":[{"code":"10005"}]}' };
    await towards([records([record]), gone], async (client) => {
      const search = { since: stage.now(), knownIds: none };
      await expect(client.find(stage.message(), search)).rejects.toThrow(RetryLater);
    });
  });

  test('a list without end is not read for ever', async () => {
    const endless = json({ data: [record], meta: { total_pages: 1_000 } });
    const seen = await towards([endless], async (client) => {
      const search = { since: stage.now(), knownIds: none };
      await expect(client.find(stage.message(), search)).rejects.toThrow(Unsure);
    });
    expect(seen).toHaveLength(50);
  });
});

describe('catching up', () => {
  test('R94 lists what an outage lost, of all numbers, oldest first', async () => {
    stage.fake.setNetwork({ outage: true });
    const second = '+16195550101';
    await stage.fake.setNumber({ number: second }, ourNumber);
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'too old' });
    stage.advance(5_000);
    const since = stage.now();
    for (const [i, to] of [ourNumber, second, ourNumber, second].entries()) {
      const text = await stage.fake.receiveText({ from: phone, to, body: `PRESAVE ${i}`, mediaCount: i });
      expect(text?.webhookStatus).toBeNull();
      stage.advance(1_000);
    }
    await stage.client.send(stage.message(), call);
    const numbers = [ourNumber, second].map((number) => ({ number, type: '10dlc' }));
    const texts = await collect(stage.clientWith({ numbers }).listInbound(since));
    expect(texts.map(({ body, to, mediaCount }) => [body, to, mediaCount])).toEqual([
      ['PRESAVE 0', ourNumber, 0],
      ['PRESAVE 1', second, 1],
      ['PRESAVE 2', ourNumber, 2],
      ['PRESAVE 3', second, 3],
    ]);
    expect(texts[0]).toMatchObject({ from: phone, optOut: null, receivedAt: since });
    expect(stage.received).toEqual([]);
  });

  test('reads all pages, texts of one moment in the order they came', async () => {
    stage.fake.setNetwork({ outage: true });
    for (let i = 0; i < 120; i += 1) {
      await stage.fake.receiveText({ from: phone, to: ourNumber, body: String(i) });
    }
    const texts = await collect(stage.client.listInbound(stage.now()));
    expect(texts.map(({ body }) => Number(body))).toEqual(Array.from({ length: 120 }, (_, i) => i));
  });

  test('words that are gone after ten days are passed over, the others are not lost', async () => {
    stage.fake.setNetwork({ outage: true });
    const since = stage.now();
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'long ago' });
    stage.advance(11 * 24 * hour);
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'today' });
    const texts = await collect(stage.client.listInbound(since));
    expect(texts.map(({ body }) => body)).toEqual(['today']);
  });

  test('a text that is listed and cannot be read yet is read again later', async () => {
    const record = { uuid: 'new', created_at: stage.now().toISOString(), status: 'received' };
    const list = json({ data: [record], meta: { total_pages: 1 } });
    const gone: HostileAnswer = { kind: 'answer', status: 404, body: '{"errors":[{"code":"10005"}]}' };
    await towards([list, gone], async (client) => {
      await expect(collect(client.listInbound(stage.now()))).rejects.toThrow(RetryLater);
    });
  });
});
