import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Sealer } from '#lib/seal.ts';

/** How long a code opens the page. */
const openMs = 30 * 60_000;
const name = 'own-page';

/**
 * That a code was entered, kept in a cookie of this page alone: what it proves must not stand in an address
 * that is passed on. It holds when it ends and a keyed hash; nothing is stored.
 */
export function markOpened(
  c: Context,
  sealer: Pick<Sealer, 'hash'>,
  token: string,
  at: { now: Date; isSecure: boolean },
): void {
  const until = String(at.now.getTime() + openMs);
  const proof = sealer.hash(proved(token, until)).toString('base64url');
  setCookie(c, name, `${until}.${proof}`, {
    path: `/me/${token}`,
    httpOnly: true,
    secure: at.isSecure,
    sameSite: 'Lax',
    maxAge: openMs / 1000,
  });
}

export function isOpened(c: Context, sealer: Pick<Sealer, 'isHash'>, token: string, now: Date): boolean {
  const [until = '', proof = ''] = (getCookie(c, name) ?? '').split('.');
  if (!/^\d{1,16}$/.test(until) || Number(until) <= now.getTime()) return false;
  return sealer.isHash(proved(token, until), Buffer.from(proof, 'base64url'));
}

const proved = (token: string, until: string) => `own page opened ${token} ${until}`;
