import { expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { classifyInstagram } from './errors.ts';

function classify(code: number, more: { subcode?: number; status?: number; usage?: object } = {}) {
  const { subcode, status = 400, usage } = more;
  const error = { message: 'no token 1234', type: 'IGApiException', code, error_subcode: subcode };
  return classifyInstagram({
    status,
    body: { error },
    header: (name) => (name === 'x-business-use-case-usage' && usage ? JSON.stringify(usage) : undefined),
  });
}

test.each([
  [10, 2534022, GiveUp, 'ig_window'],
  [10, undefined, GiveUp, undefined],
  [10900, undefined, GiveUp, 'ig_reply_used'],
  [10902, undefined, GiveUp, 'ig_reply_expired'],
  [100, 33, GiveUp, undefined],
  [3, undefined, GiveUp, undefined],
] as const)('%s/%s gives up, as the requirement that it names', (code, subcode, kind, skip) => {
  const error = classify(code, subcode === undefined ? {} : { subcode });
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ skip });
});

test.each([458, 460, 463, undefined])('190/%s needs somebody to sign in again', (subcode) => {
  expect(classify(190, subcode === undefined ? {} : { subcode })).toBeInstanceOf(NeedsReconnect);
});

test.each([1, 2])('%s is tried again', (code) => {
  expect(classify(code, { status: 500 })).toMatchObject({ name: 'RetryLater', isLaneWide: false });
});

test('551 is about this person alone', () => {
  expect(classify(551)).toBeInstanceOf(Undeliverable);
});

test.each([4, 17, 32, 613])('%s holds everything, as long as Instagram’s own count says', (code) => {
  const before = Date.now();
  const usual = classify(code);
  expect(usual).toMatchObject({ name: 'RetryLater', isLaneWide: true });
  const account = [{ type: 'messenger', estimated_time_to_regain_access: 7 }];
  const told = classify(code, { usage: { 1: account, 2: [] } });
  if (!(told instanceof RetryLater) || told.at === undefined) throw new Error('no moment was told');
  expect(told.at.getTime() - before).toBeGreaterThan(6.9 * 60_000);
});

test('no reason repeats what Instagram wrote, and other words are none of Instagram’s', () => {
  expect(classify(100)?.reason).not.toContain('1234');
  const header = () => undefined;
  for (const body of [undefined, 'x', {}, { error: 'x' }, { error: { code: 'x' } }])
    expect(classifyInstagram({ status: 400, body, header })).toBeUndefined();
});
