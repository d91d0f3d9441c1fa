import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { telnyx } from './connector.ts';
import { ourNumber, phone, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const call = { key: 'run:1:telnyx' };

/** The `magic numbers` of the fake, so that every code comes over a socket in Telnyx's shape. */
function failing(code: number): string {
  return `+150055${code}`;
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
      providerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'queued',
      parts: 2,
    });
    expect(await stage.fake.texts({ number: phone })).toMatchObject([
      { id: sent.providerId, from: ourNumber, to: phone, direction: 'in', parts: 2 },
    ]);
  });

  test.each([10002, 40301, 40310, 40319])('%d is about the number', async (code) => {
    const error = await errorOf(stage.client.send(stage.message({ to: failing(code) }), call));
    expect(error).toBeInstanceOf(Undeliverable);
    expect(error).toMatchObject({
      reason: expect.stringMatching(new RegExp(`^Telnyx error ${code}: .*\\.$`)),
    });
  });

  test.each([20012, 20100, 40302, 40305, 40309, 40322, 40329, 40333, 49999])(
    '%d is never tried again',
    async (code) => {
      const error = await errorOf(stage.client.send(stage.message({ to: failing(code) }), call));
      expect(error).toBeInstanceOf(GiveUp);
      expect(error).toMatchObject({ skip: undefined, reason: expect.stringContaining(`${code}: `) });
    },
  );

  test('R98 40300 is the block of this pair', async () => {
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'stop all' });
    const error = await errorOf(stage.client.send(stage.message(), call));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ skip: 'provider_block', reason: expect.stringContaining('40300') });
  });

  test('40318 slows the whole lane down for a minute', async () => {
    const before = Date.now();
    const error = await errorOf(stage.client.send(stage.message({ to: failing(40318) }), call));
    expect(error).toMatchObject({ name: 'RetryLater', isLaneWide: true });
    const waitMs = (error instanceof RetryLater ? (error.at?.getTime() ?? 0) : 0) - before;
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
    expect(waitMs).toBeLessThan(61_000);
  });

  test('a wrong key needs a new connection; a revoked one too', async () => {
    const client = stage.clientWith({ apiKey: `KEY${'f'.repeat(32)}` });
    await expect(client.send(stage.message(), call)).rejects.toThrow(NeedsReconnect);
    await expect(stage.client.send(stage.message({ to: failing(20002) }), call)).rejects.toThrow(
      NeedsReconnect,
    );
  });

  test('a number of nobody, of another account or of another profile is the operator’s', async () => {
    const other = '+16195550199';
    await stage.fake.addNumber(other, null);
    const moved = '+16195550101';
    await stage.fake.setNumber(
      { number: moved, profileId: '11111111-2222-4333-8444-555555555555' },
      ourNumber,
    );
    for (const from of ['+16195550198', other, moved, 'nobody']) {
      const error = await errorOf(stage.client.send(stage.message({ from }), call));
      expect(error).toBeInstanceOf(GiveUp);
      expect(error).toMatchObject({ reason: expect.stringContaining('40305') });
    }
    // Without a profile in the connection every number of the account may send.
    const client = stage.clientWith({ messagingProfileId: undefined });
    await client.send(stage.message({ from: moved }), call);
  });
});

describe('settings', () => {
  test('each number has its own rate, the client the slowest', () => {
    const client = stage.clientWith({
      numbers: [
        { number: '+16195550100', type: '10dlc', partsPerSecond: 75 },
        { number: '+18005550100', type: 'toll-free' },
        { number: '12345', type: 'short-code' },
        { number: '+491511234567', type: 'long-code' },
        { number: '+16195550101', type: '10dlc' },
      ],
    });
    expect(client.senders.map(({ value, rate }) => [value, (rate.count * 1000) / rate.periodMs])).toEqual([
      ['+16195550100', 75],
      ['+18005550100', 20],
      ['12345', 50],
      ['+491511234567', 0.1],
      ['+16195550101', 1.25],
    ]);
    expect(client.rate).toEqual(client.senders[3]?.rate);
    // As long as the longest text that Telnyx takes.
    expect(client.rate.burst).toBeGreaterThanOrEqual(10);
  });

  test('the words that a profile answers by itself, and no others', () => {
    const words = [
      'stop',
      ' Stop All ',
      'QUIT',
      'start',
      'unstop',
      'help',
      'revoke',
      'optout',
      'yes',
      'info',
    ];
    expect(words.map((word) => stage.client.handlesItself(word))).toEqual([
      'stop',
      'stop',
      'stop',
      'start',
      'start',
      'help',
      null,
      null,
      null,
      null,
    ]);
    expect(stage.clientWith({ optOutHandling: 'segue' }).handlesItself('STOP')).toBeNull();
  });

  test.each([
    { apiKey: '123' },
    { publicKey: 'short' },
    { numbers: [] },
    { numbers: [{ number: '6195550100', type: '10dlc' }] },
    { numbers: [{ number: '12345', type: 'toll-free' }] },
    { messagingProfileId: 'mine' },
    { extra: 1 },
  ])('refuses settings that cannot work: %j', (wrong) => {
    expect(telnyx.settings.safeParse({ ...stage.settings, ...wrong }).success).toBe(false);
    expect(telnyx.settings.safeParse(stage.settings).success).toBe(true);
  });
});
