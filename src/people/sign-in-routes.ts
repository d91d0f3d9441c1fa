import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { Answer, publicRoute, type PublicRequest, type Route } from '#lib/route.ts';
import { countAttempt, forgetAttempts, type Limit } from './attempts.ts';
import type { Auth } from './better-auth.ts';
import * as contract from './contract.ts';
import { asking } from './library.ts';
import { libraryHeaders } from './sessions.ts';

export interface SignInDeps {
  db: Db;
  auth: Auth;
  wall: WallClock;
}

const windowMs = 15 * 60_000;

/** Coming in with a password, perhaps with a code, and going out. */
export function signInRoutes({ db, auth, wall }: SignInDeps): Route[] {
  return [
    publicRoute(contract.signIn, async (request) => {
      const { body } = request;
      const limits = signInLimits(body.email.toLowerCase(), request);
      await countAttempt(db, limits, wall.now());
      const { headers, response } = await asking(() =>
        auth.api.signInEmail({ body, headers: libraryHeaders(request), returnHeaders: true }),
      );
      const [here] = limits;
      if (here !== undefined) await forgetAttempts(db, here.key);
      const state = 'twoFactorRedirect' in response ? 'code_needed' : 'signed_in';
      return new Answer(null, { state }, headers.getSetCookie());
    }),
    publicRoute(contract.signInWithCode, async (request) => {
      const { code, kind, trustDevice } = request.body;
      const address = request.address ?? '';
      // The library counts wrong codes a sign-in and a person; this bounds who begins again and again.
      await countAttempt(db, [{ key: `code from ${address}`, max: 60, windowMs }], wall.now());
      const asked = {
        body: { code, trustDevice },
        headers: libraryHeaders(request),
        returnHeaders: true,
      } as const;
      const { headers } = await asking(() =>
        kind === 'app' ? auth.api.verifyTOTP(asked) : auth.api.verifyBackupCode(asked),
      );
      return new Answer(null, { state: 'signed_in' as const }, headers.getSetCookie());
    }),
    publicRoute(contract.signOut, async (request) => {
      const { headers } = await auth.api.signOut({ headers: libraryHeaders(request), returnHeaders: true });
      return new Answer(null, undefined, headers.getSetCookie());
    }),
  ];
}

/**
 * Few for one person from one address, more for one address, and a bound for one person from everywhere,
 * wide enough that a stranger can hardly lock her out.
 */
function signInLimits(email: string, { address }: Pick<PublicRequest<unknown>, 'address'>): Limit[] {
  const from = address ?? '';
  return [
    { key: `sign-in of ${email} from ${from}`, max: 10, windowMs },
    { key: `sign-in from ${from}`, max: 60, windowMs },
    { key: `sign-in of ${email}`, max: 100, windowMs },
  ];
}
