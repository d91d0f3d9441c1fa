import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { serveHostile } from '../testing/hostile.ts';
import { createTwilioClient } from './client.ts';
import { twilio } from './connector.ts';
import { accountSid, authToken, ourNumber, phone, setStage, settings, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const call = { key: 'run:1:twilio' };
const none = new Set<string>();

/** The `magic numbers` of the fake, so that every code comes over a socket in Twilio's shape. */
function failing(code: number): string {
  return `+150055${code}`;
}

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

describe('send', () => {
  test('sends one text and says its id, state and parts', async () => {
    const sent = await stage.client.send(stage.message({ body: '’'.repeat(71) }), call);
    expect(sent).toEqual({
      providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      parts: 2,
    });
    expect(await stage.fake.texts({ number: phone })).toMatchObject([
      { id: sent.providerId, from: ourNumber, to: phone, direction: 'in', parts: 2 },
    ]);
  });

  test('keeps the sender with a Messaging Service, and counts no parts before Twilio does', async () => {
    const messagingServiceSid = `MG${'1b'.repeat(16)}`;
    for (const number of ['+16195550101', ourNumber]) {
      await stage.fake.setNumber({ number, accountSid, authToken, messagingServiceSid });
    }
    const sent = await stage.clientWith({ messagingServiceSid }).send(stage.message(), call);
    expect(sent).toMatchObject({ status: 'queued', parts: null });
    expect(await stage.fake.texts({ number: phone })).toMatchObject([{ from: ourNumber }]);
  });

  test.each([21211, 21612, 21614, 21635])('%d is about the number', async (code) => {
    const error = await errorOf(stage.client.send(stage.message({ to: failing(code) }), call));
    expect(error).toBeInstanceOf(Undeliverable);
    expect(error).toMatchObject({
      reason: expect.stringMatching(new RegExp(`^Twilio error ${code}: [^.]+\\.$`)),
    });
  });

  test.each([21408, 21606, 21608, 21617, 21659, 29999])('%d is never tried again', async (code) => {
    const error = await errorOf(stage.client.send(stage.message({ to: failing(code) }), call));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ skip: undefined, reason: expect.stringContaining(`${code}: `) });
  });

  test('R98 21610 is the block of this pair', async () => {
    const error = await errorOf(stage.client.send(stage.message({ to: '+15005550004' }), call));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ skip: 'provider_block', reason: expect.stringContaining('21610') });
  });

  test.each([
    [20429, 1_000],
    [21611, 60_000],
  ])('%d slows the whole lane down for %d ms', async (code, restMs) => {
    const before = Date.now();
    const error = await errorOf(stage.client.send(stage.message({ to: failing(code) }), call));
    expect(error).toBeInstanceOf(RetryLater);
    if (!(error instanceof RetryLater)) return;
    expect(error.isLaneWide).toBe(true);
    const waitMs = (error.at?.getTime() ?? 0) - before;
    expect(waitMs).toBeGreaterThanOrEqual(restMs);
    expect(waitMs).toBeLessThan(restMs + 500);
  });

  test('a wrong token needs a new connection', async () => {
    const client = stage.clientWith({ authToken: 'f'.repeat(32) });
    await expect(client.send(stage.message(), call)).rejects.toThrow(NeedsReconnect);
  });

  test('a sender of nobody and one of another account are the operator’s', async () => {
    await stage.fake.setNumber({ number: '+16195550199', accountSid: `AC${'2'.repeat(32)}`, authToken: 'x' });
    for (const [from, code] of [
      ['+16195550198', '21659'],
      ['+16195550199', '21660'],
      ['nobody', '21212'],
    ] as const) {
      const error = await errorOf(stage.client.send(stage.message({ from }), call));
      expect(error).toBeInstanceOf(GiveUp);
      expect(error).toMatchObject({ reason: expect.stringContaining(code) });
    }
  });
});

describe('an unknown end and its settling', () => {
  test.each(['timeout', 'garbage'] as const)('%s after carrying out: unsure, then found', async (mode) => {
    stage.fake.setLostAnswer('carried_out');
    stage.fake.setFault({ mode, ms: 20, count: 1 });
    await expect(stage.client.send(stage.message(), call)).rejects.toThrow(Unsure);
    const found = await stage.client.find(stage.message(), { since: stage.now(), knownIds: none });
    const [text] = await stage.fake.texts({ number: phone });
    expect(found?.providerId).toBe(text?.id);
  });

  test.each(['timeout', 'garbage'] as const)(
    '%s without carrying out: unsure, then not found',
    async (mode) => {
      stage.fake.setFault({ mode, ms: 20, count: 1 });
      await expect(stage.client.send(stage.message(), call)).rejects.toThrow(Unsure);
      expect(await stage.client.find(stage.message(), { since: stage.now(), knownIds: none })).toBeNull();
    },
  );

  test('finds only an equal text of the same pair, from then on, that nobody else holds', async () => {
    const old = await stage.client.send(stage.message(), call);
    stage.advance(60_000);
    const since = stage.now();
    const held = await stage.client.send(stage.message(), call);
    await stage.client.send(stage.message({ body: 'Another text' }), call);
    await stage.client.send(stage.message({ to: '+12125550999' }), call);
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: stage.message().body });

    const find = (knownIds: ReadonlySet<string>, from: Date = since) =>
      stage.client.find(stage.message(), { since: from, knownIds });
    expect(await find(none)).toMatchObject({ providerId: held.providerId });
    expect(await find(new Set([held.providerId]))).toBeNull();
    expect(await find(new Set([held.providerId]), new Date(0))).toMatchObject({ providerId: old.providerId });
  });

  test('a text still in the queue is found, whatever the second it was made in', async () => {
    stage.fake.setCallbacks({ sentAfterMs: 60_000 });
    stage.advance(750);
    const sent = await stage.client.send(stage.message(), call);
    const found = await stage.client.find(stage.message(), { since: stage.now(), knownIds: none });
    expect(found).toMatchObject({ providerId: sent.providerId, status: 'queued' });
  });

  test('reads on over pages, and stops at the first page that is old enough', async () => {
    const first = await stage.client.send(stage.message(), call);
    stage.advance(10_000);
    const since = stage.now();
    for (let i = 0; i < 120; i += 1) await stage.client.send(stage.message({ body: `Filler ${i}` }), call);
    const before = stage.fake.calls().length;
    expect(await stage.client.find(stage.message(), { since: new Date(0), knownIds: none })).toMatchObject({
      providerId: first.providerId,
    });
    expect(stage.fake.calls().length - before).toBe(3);

    stage.advance(60_000);
    expect(await stage.client.find(stage.message(), { since: stage.now(), knownIds: none })).toBeNull();
    expect(stage.fake.calls().length - before).toBe(4);
    expect(await stage.client.find(stage.message(), { since, knownIds: none })).toBeNull();
  });

  test('a trial account’s prefix hides no text', async () => {
    const body = `Sent from your Twilio trial account - ${stage.message().body}`;
    const sent = await stage.client.send(stage.message({ body }), call);
    const found = await stage.client.find(stage.message(), { since: stage.now(), knownIds: none });
    expect(found?.providerId).toBe(sent.providerId);
  });

  test('an unreadable list proves nothing', async () => {
    stage.fake.setFault({ mode: 'garbage', count: 1 });
    const search = { since: stage.now(), knownIds: none };
    await expect(stage.client.find(stage.message(), search)).rejects.toThrow(RetryLater);
  });

  test.each([
    '@127.0.0.1:1/steal',
    'https://127.0.0.1:1/steal',
    '/2010-04-01/Accounts/other/Messages.json?x',
  ])('the credentials do not follow a next page to %s', async (next) => {
    const hostile = await serveHostile();
    const http = createHttp();
    hostile.answerWith({
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ messages: [], next_page_uri: next }),
    });
    const client = createTwilioClient({ baseUrl: hostile.url, settings, http, now: stage.now });
    const search = { since: stage.now(), knownIds: none };
    await expect(client.find(stage.message(), search)).rejects.toThrow(RetryLater);
    expect(hostile.seen).toHaveLength(1);
    await hostile.close();
    await http.close();
  });

  test('a text to another number of the account is not mistaken for its inbound copy', async () => {
    const hostile = await serveHostile();
    const http = createHttp();
    const copy = { sid: 'SMin', status: 'received', direction: 'inbound', body: stage.message().body };
    const own = { sid: 'SMout', status: 'sent', direction: 'outbound-api', body: stage.message().body };
    hostile.answerWith({ kind: 'answer', status: 200, body: JSON.stringify({ messages: [copy, own] }) });
    const client = createTwilioClient({ baseUrl: hostile.url, settings, http, now: stage.now });
    const found = await client.find(stage.message(), { since: stage.now(), knownIds: none });
    expect(found).toEqual({ providerId: 'SMout', status: 'sent', parts: null });
    await hostile.close();
    await http.close();
  });

  test('a list without end is not read for ever', async () => {
    const hostile = await serveHostile();
    const http = createHttp();
    const next = `/2010-04-01/Accounts/${accountSid}/Messages.json?Page=1`;
    hostile.answerWith({
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ messages: [], next_page_uri: next }),
    });
    const client = createTwilioClient({ baseUrl: hostile.url, settings, http, now: stage.now });
    const search = { since: stage.now(), knownIds: none };
    await expect(client.find(stage.message(), search)).rejects.toThrow(Unsure);
    expect(hostile.seen).toHaveLength(50);
    await hostile.close();
    await http.close();
  });
});

describe('catching up', () => {
  test('R94 lists what an outage lost, oldest first, the second of the last one again', async () => {
    stage.fake.setNetwork({ outage: true });
    const second = '+16195550101';
    await stage.fake.setNumber({ number: second, accountSid, authToken });
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'too old' });
    stage.advance(5_000);
    const since = new Date(stage.now().getTime() + 400);
    for (const [i, to] of [ourNumber, second, ourNumber, second].entries()) {
      const text = await stage.fake.receiveText({ from: phone, to, body: `PRESAVE ${i}`, mediaCount: i });
      expect(text?.webhookStatus).toBeNull();
      stage.advance(1_000);
    }
    await stage.client.send(stage.message(), call);

    const client = stage.clientWith({
      numbers: [ourNumber, second].map((number) => ({ number, type: '10dlc' })),
    });
    const texts = await collect(client.listInbound(since));
    expect(texts.map(({ body, to, mediaCount }) => [body, to, mediaCount])).toEqual([
      ['PRESAVE 0', ourNumber, 0],
      ['PRESAVE 1', second, 1],
      ['PRESAVE 2', ourNumber, 2],
      ['PRESAVE 3', second, 3],
    ]);
    expect(texts[0]).toMatchObject({
      from: phone,
      optOut: null,
      receivedAt: new Date('2026-11-23T12:00:05Z'),
    });
    expect(stage.received).toEqual([]);
  });

  test('reads all pages, texts of one second in the order they came', async () => {
    stage.fake.setNetwork({ outage: true });
    for (let i = 0; i < 450; i += 1) {
      await stage.fake.receiveText({ from: phone, to: ourNumber, body: String(i) });
    }
    const texts = await collect(stage.client.listInbound(stage.now()));
    expect(texts.map(({ body }) => Number(body))).toEqual(Array.from({ length: 450 }, (_, i) => i));
  });
});

describe('settings', () => {
  test('each sender has its own rate, the client the slowest', () => {
    const client = stage.clientWith({
      numbers: [
        { number: '+16195550100', type: '10dlc', partsPerSecond: 75 },
        { number: '+18005550100', type: 'toll-free' },
        { number: '12345', type: 'short-code' },
      ],
    });
    expect(client.senders.map(({ value, rate }) => [value, (rate.count * 1000) / rate.periodMs])).toEqual([
      ['+16195550100', 75],
      ['+18005550100', 3],
      ['12345', 100],
    ]);
    expect(client.rate).toEqual(client.senders[1]?.rate);
    // Longer than the longest text: 1,600 characters of UCS-2 are 24 parts.
    expect(client.rate.burst).toBeGreaterThanOrEqual(24);
  });

  test.each([
    { ...settings, accountSid: 'AC1' },
    { ...settings, numbers: [] },
    { ...settings, numbers: [{ number: '6195550100', type: '10dlc' }] },
    { ...settings, numbers: [{ number: '12345', type: 'toll-free' }] },
    { ...settings, authToken: '' },
    { ...settings, extra: 1 },
  ])('refuses settings that cannot work (%#)', (wrong) => {
    expect(twilio.settings.safeParse(wrong).success).toBe(false);
    expect(twilio.settings.safeParse(settings).success).toBe(true);
  });
});
