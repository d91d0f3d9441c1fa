import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Standard Webhooks (standardwebhooks.com): `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`,
 * with the bytes behind `whsec_`. Several signatures stand beside each other while a secret is changed.
 */

/** A request may be this far off our clock. */
const toleranceMs = 5 * 60_000;

export interface SignedWebhook {
  id: string | undefined;
  /** Seconds since 1970, as it stands in the header. */
  timestamp: string | undefined;
  signature: string | undefined;
  rawBody: Buffer;
}

export function signWebhook(secret: string, id: string, timestamp: string, body: Buffer | string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** True when one of the signatures fits and the time is near `now`; constant time; never throws. */
export function isWebhookSigned(secret: string, webhook: SignedWebhook, now: Date): boolean {
  const { id, timestamp, signature, rawBody } = webhook;
  if (!id || !timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return false;
  // An empty key would let anybody compute the signature.
  if (Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length === 0) return false;
  if (Math.abs(Number(timestamp) * 1000 - now.getTime()) > toleranceMs) return false;
  const expected = Buffer.from(signWebhook(secret, id, timestamp, rawBody));
  return signature
    .split(' ')
    .map((one) => Buffer.from(one))
    .map((one) => one.length === expected.length && timingSafeEqual(one, expected))
    .includes(true);
}
