import { describe, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { classifyTelnyx, readTelnyxError, telnyxReason } from './errors.ts';

function refusal(status: number, code: string, headers: Record<string, string> = {}, words = {}) {
  const error = { code, title: 'words', detail: 'call +12125550123', ...words };
  return { status, body: { errors: [error] }, header: (name: string) => headers[name] };
}

describe('answers that are no success', () => {
  test.each([
    ['40001', Undeliverable],
    ['40012', Undeliverable],
    ['40310', Undeliverable],
    ['40005', RetryLater],
    ['40006', RetryLater],
    ['40014', RetryLater],
    ['40016', RetryLater],
    ['40002', GiveUp],
    ['40008', GiveUp],
    ['40010', GiveUp],
    ['40017', GiveUp],
    ['40321', GiveUp],
    ['20100', GiveUp],
    ['10009', NeedsReconnect],
    ['20006', NeedsReconnect],
  ])('%s', (code, kind) => {
    expect(classifyTelnyx(refusal(422, code))).toBeInstanceOf(kind);
  });

  test.each(['40011', '40018', '40318'])('%s holds the lane for a minute', (code) => {
    const error = classifyTelnyx(refusal(422, code));
    expect(error).toMatchObject({ name: 'RetryLater', isLaneWide: true });
    expect(error instanceof RetryLater && error.at!.getTime() - Date.now()).toBeGreaterThan(59_000);
  });

  test.each(['40006', '40016'])('%s holds this text alone', (code) => {
    expect(classifyTelnyx(refusal(422, code))).toMatchObject({ isLaneWide: false, at: undefined });
  });

  test('a 429 waits as long as it asks, in either header', () => {
    for (const header of ['retry-after', 'x-ratelimit-reset']) {
      const error = classifyTelnyx(refusal(429, '10011', { [header]: '7' }));
      const waitMs = error instanceof RetryLater ? error.at!.getTime() - Date.now() : 0;
      expect(waitMs).toBeGreaterThan(6_000);
      expect(waitMs).toBeLessThanOrEqual(7_000);
    }
  });

  test('its own trouble is known not to have sent; its own time-out, and other people’s words, are not', () => {
    expect(classifyTelnyx(refusal(500, '10007'))).toBeInstanceOf(RetryLater);
    expect(classifyTelnyx(refusal(504, '10008'))).toBeUndefined();
    for (const body of [
      undefined,
      null,
      'text',
      {},
      { errors: [] },
      { errors: ['x'] },
      { errors: [{ code: {} }] },
    ]) {
      expect(classifyTelnyx({ status: 502, body, header: () => undefined })).toBeUndefined();
    }
  });

  test('401 with a code nobody knows is a dead key', () => {
    expect(classifyTelnyx(refusal(401, '10999'))).toBeInstanceOf(NeedsReconnect);
  });
});

test('R98 40300 is an opt-out where its words say so, else the operator’s', () => {
  const stop = refusal(403, '40300', {}, { title: 'Blocked due to STOP message' });
  expect(classifyTelnyx(stop)).toMatchObject({ skip: 'provider_block' });
  const rule = refusal(400, '40300', {}, { detail: 'due to an existing block rule' });
  expect(classifyTelnyx(rule)).toMatchObject({ skip: 'provider_block' });
  const other = classifyTelnyx(refusal(400, '40300'));
  expect(other).toBeInstanceOf(GiveUp);
  expect(other).toMatchObject({ skip: undefined });
  expect(readTelnyxError([{ code: 40300, title: 'STOP' }])).toEqual({ code: '40300', isOptOut: true });
});

test('a reason is one sentence with the code, and never the provider’s own words', () => {
  expect(telnyxReason('40002')).toMatch(/^Telnyx error 40002: .*carrier.*\.$/);
  expect(telnyxReason('98765')).toContain('98765');
  expect(classifyTelnyx(refusal(422, '40002'))?.reason).not.toContain('2125550123');
  expect(telnyxReason('constructor')).toContain('see developers.telnyx.com');
});
