import { createECDH, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';

/** A team's credentials of this fake: the same in every process, so that a kept connection goes on. */
export const team = { teamId: 'SANDBOX001', keyId: 'SANDBOXKEY', privateKey: makeKey() };
const publicKey = createPublicKey(team.privateKey);

/** Apple takes no token that is good for longer than this. */
const longestLifeSeconds = 15_777_000;

function makeKey(): string {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(createHash('sha256').update('apple-music-sandbox').digest());
  const point = ecdh.getPublicKey();
  const part = (from: number, to: number) => point.subarray(from, to).toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: part(1, 33),
    y: part(33, 65),
    d: ecdh.getPrivateKey('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim();
}

/** Whether the team signed it and it is good now; `origin` is the page's that uses it, where one does. */
export async function isDeveloperToken(token: string, now: Date, origin: string | null): Promise<boolean> {
  try {
    if (decodeProtectedHeader(token).kid !== team.keyId) return false;
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ['ES256'],
      issuer: team.teamId,
      requiredClaims: ['iat', 'exp'],
      currentDate: now,
    });
    const { iat = 0, exp = 0 } = payload;
    if (exp - iat > longestLifeSeconds || iat > now.getTime() / 1_000) return false;
    const allowed = payload['origin'];
    return origin === null || !Array.isArray(allowed) || allowed.includes(origin);
  } catch {
    return false;
  }
}
