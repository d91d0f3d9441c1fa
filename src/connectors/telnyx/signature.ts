import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/**
 * Telnyx's webhook signature: Ed25519 over `timestamp|body`, in base64, with the key pair of the
 * account. The timestamp is in seconds; older than five minutes, or from the future, is a replay.
 */
const toleranceMs = 5 * 60_000;

export interface SignedWebhook {
  timestamp: string | undefined;
  signature: string | undefined;
  rawBody: Buffer;
}

/** The 32 bytes of the portal as a key. Throws where they are no point of the curve. */
export function toVerifyKey(publicKey: string): KeyObject {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function signTelnyx(privateKey: KeyObject, timestamp: string, body: string): string {
  return sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString('base64');
}

/** True when the signature fits and the time is near `now`; never throws. */
export function isTelnyxSigned(publicKey: string, webhook: SignedWebhook, now: Date): boolean {
  const { timestamp, signature, rawBody } = webhook;
  if (!timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Number(timestamp) * 1000 - now.getTime()) > toleranceMs) return false;
  const bytes = Buffer.from(signature, 'base64');
  // 64 bytes, and written as Telnyx writes them: base64 that decodes alike is not the same signature.
  if (bytes.length !== 64 || bytes.toString('base64') !== signature) return false;
  try {
    const text = Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]);
    return verify(null, text, toVerifyKey(publicKey), bytes);
  } catch {
    return false;
  }
}
