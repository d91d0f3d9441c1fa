import { createHmac, timingSafeEqual } from 'node:crypto';

/** `sha256=` and the HMAC-SHA256 of the raw body with the app's secret, in hex. */
export function signInstagram(appSecret: string, rawBody: Buffer | string): string {
  return `sha256=${createHmac('sha256', appSecret).update(rawBody).digest('hex')}`;
}

/** True when one of the secrets made this signature; constant time in it; never throws. */
export function isInstagramSigned(
  secrets: readonly (string | undefined)[],
  signature: string | undefined,
  rawBody: Buffer,
): boolean {
  if (signature === undefined) return false;
  return secrets
    .map((secret) => secret !== undefined && isSame(signInstagram(secret, rawBody), signature))
    .includes(true);
}

export function isSame(expected: string, actual: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(actual);
  return a.length === b.length && timingSafeEqual(a, b);
}
