import { expect, test } from 'vitest';
import { isWebhookSigned, signWebhook } from './standard-webhooks.ts';

// The example of the specification (standardwebhooks.com).
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const example = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  rawBody: Buffer.from('{"test": 2432232314}'),
};
const then = new Date(1_614_265_330_000);

test('the signature of the specification’s example fits, and is the one we make', () => {
  expect(isWebhookSigned(secret, example, then)).toBe(true);
  expect(signWebhook(secret, example.id, example.timestamp, example.rawBody)).toBe(example.signature);
});

test('one of several signatures is enough while a secret is changed', () => {
  const signature = `v1a,xyz v1,AAAA ${example.signature}`;
  expect(isWebhookSigned(secret, { ...example, signature }, then)).toBe(true);
});

test.each([
  ['another body', { rawBody: Buffer.from('{"test": 2432232315}') }],
  ['another id', { id: 'msg_other' }],
  ['no signature', { signature: undefined }],
  ['an empty signature', { signature: 'v1,' }],
  ['a time that is none', { timestamp: 'now' }],
])('%s does not fit', (_name, change) => {
  expect(isWebhookSigned(secret, { ...example, ...change }, then)).toBe(false);
});

test('five minutes off is the end, on both sides', () => {
  const at = (seconds: number) => new Date(then.getTime() + seconds * 1_000);
  expect([-301, -300, 300, 301].map((seconds) => isWebhookSigned(secret, example, at(seconds)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('an empty secret believes nobody', () => {
  const signature = signWebhook('whsec_', example.id, example.timestamp, example.rawBody);
  expect(isWebhookSigned('whsec_', { ...example, signature }, then)).toBe(false);
});
