import { describe, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { HttpFailure, type HttpResponse } from '#lib/http.ts';
import { classifyTwilioAnswer, classifyTwilioFailure, isTwilioOptOut, twilioReason } from './errors.ts';

function answer(
  status: number,
  body: string | { code: number },
  headers: Record<string, string> = {},
): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify({ ...body, message: 'words', status });
  return { status, text, header: (name) => headers[name] };
}

describe('answers that are no success', () => {
  test.each([
    [30005, Undeliverable],
    [30006, Undeliverable],
    [30003, RetryLater],
    [30008, RetryLater],
    [30023, RetryLater],
    [30610, RetryLater],
    [30004, GiveUp],
    [30007, GiveUp],
    [30034, GiveUp],
    [20003, NeedsReconnect],
  ])('%d', (code, kind) => {
    expect(classifyTwilioAnswer(answer(400, { code }), 'once')).toBeInstanceOf(kind);
  });

  test.each([30001, 30022])('%d holds the lane', (code) => {
    expect(classifyTwilioAnswer(answer(400, { code }), 'once')).toMatchObject({
      name: 'RetryLater',
      isLaneWide: true,
    });
  });

  test.each([30003, 30023])('%d holds this text alone', (code) => {
    expect(classifyTwilioAnswer(answer(400, { code }), 'once')).toMatchObject({
      isLaneWide: false,
      at: undefined,
    });
  });

  test('a 5xx is known not to have happened only in the provider’s own words', () => {
    expect(classifyTwilioAnswer(answer(500, { code: 20500 }), 'once')).toBeInstanceOf(RetryLater);
    expect(classifyTwilioAnswer(answer(502, '<h1>Bad gateway</h1>'), 'once')).toBeInstanceOf(Unsure);
    expect(classifyTwilioAnswer(answer(502, '{"error":"proxy"}'), 'once')).toBeInstanceOf(Unsure);
    expect(classifyTwilioAnswer(answer(502, ''), 'harmless')).toBeInstanceOf(RetryLater);
  });

  test('401 without a body is a dead credential; another 4xx without one is not ours to repeat', () => {
    expect(classifyTwilioAnswer(answer(401, ''), 'once')).toBeInstanceOf(NeedsReconnect);
    expect(classifyTwilioAnswer(answer(404, ''), 'once')).toBeInstanceOf(GiveUp);
    expect(classifyTwilioAnswer(answer(408, ''), 'once')).toBeInstanceOf(Unsure);
  });

  test('a 429 waits as long as it asks, at most an hour', () => {
    const waits = ['7', new Date(Date.now() + 7_000).toUTCString(), '999999'].map((header) => {
      const error = classifyTwilioAnswer(answer(429, '', { 'retry-after': header }), 'once');
      return error instanceof RetryLater ? (error.at?.getTime() ?? 0) - Date.now() : undefined;
    });
    expect(waits[0]).toBeGreaterThan(6_000);
    expect(waits[1]).toBeGreaterThan(5_000);
    expect(waits[2]).toBeLessThanOrEqual(3_600_000);
  });
});

test('no answer: certain only if nothing was sent, or a repeat is harmless', () => {
  expect(classifyTwilioFailure(new HttpFailure('x', false), 'once')).toBeInstanceOf(RetryLater);
  expect(classifyTwilioFailure(new HttpFailure('x', true), 'once')).toBeInstanceOf(Unsure);
  expect(classifyTwilioFailure(new HttpFailure('x', true), 'harmless')).toBeInstanceOf(RetryLater);
  const bug = new TypeError('a bug stays a bug');
  expect(classifyTwilioFailure(bug, 'once')).toBe(bug);
});

test('a reason is one sentence with the code; only 21610 is an opt-out', () => {
  expect(twilioReason(30007)).toMatch(/^Twilio error 30007: .*carrier.*\.$/);
  expect(twilioReason(98765)).toContain('98765');
  expect([21610, 30007].map(isTwilioOptOut)).toEqual([true, false]);
});
