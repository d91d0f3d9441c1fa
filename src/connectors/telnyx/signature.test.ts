import { createPrivateKey, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { isTelnyxSigned, signTelnyx } from './signature.ts';

/** The first key pair of RFC 8032, section 7.1. */
const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const publicKey = Buffer.from(
  'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  'hex',
).toString('base64');
const privateKey = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
  format: 'der',
  type: 'pkcs8',
});

const now = new Date('2026-11-23T12:00:00Z');
const timestamp = String(now.getTime() / 1_000);
const body = '{"data":{"event_type":"message.received","text":"Présave 🎵"}}';
/** Not by our own function. */
const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString('base64');

function check(changes: { signature?: string; timestamp?: string; body?: string; key?: string; now?: Date }) {
  return isTelnyxSigned(
    changes.key ?? publicKey,
    {
      signature: 'signature' in changes ? changes.signature : signature,
      timestamp: 'timestamp' in changes ? changes.timestamp : timestamp,
      rawBody: Buffer.from(changes.body ?? body),
    },
    changes.now ?? now,
  );
}

test('R74 accepts what the account’s key signed over time and body', () => {
  expect(check({})).toBe(true);
  expect(signTelnyx(privateKey, timestamp, body)).toBe(signature);
});

test('R74 refuses another body, time, key or form of signature, and nothing at all', () => {
  const later = String(Number(timestamp) + 1);
  const other = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex');
  expect([
    check({ body: `${body} ` }),
    check({ timestamp: later }),
    check({ key: other.toString('base64') }),
    check({ key: '' }),
    check({ key: Buffer.alloc(32, 0xff).toString('base64') }),
    check({ signature: signature.slice(0, -4) }),
    check({ signature: `${signature}=` }),
    check({ signature: signature.replaceAll('+', '-').replace(/=+$/, '') }),
    check({ signature: Buffer.alloc(64).toString('base64') }),
  ]).toEqual(Array.from({ length: 9 }, () => false));
  for (const nothing of ['', 'AAAA', '{"data"', '-1', 'NaN']) {
    expect(check({ signature: nothing })).toBe(false);
    expect(check({ timestamp: nothing })).toBe(false);
  }
});

test.each([
  [-299, true],
  [299, true],
  [-301, false],
  [301, false],
])('a signature %d seconds off our clock: %s', (seconds, isAccepted) => {
  expect(check({ now: new Date(now.getTime() + seconds * 1_000) })).toBe(isAccepted);
});
