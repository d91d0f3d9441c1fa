import { createHmac, hash } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { twoFactor } from 'better-auth/plugins';
import { z } from 'zod';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { longestPassword, shortestPassword } from './contract.ts';
import { sessionCookie } from './session-cookie.ts';

export interface AuthOptions {
  db: Db;
  /** The first signs and seals, all of them open. */
  secretKeys: readonly [Buffer, ...Buffer[]];
  /** Scheme and host; https makes the cookies secure. */
  publicUrl: string;
}

export type Auth = ReturnType<typeof createAuth>;

/** Our own header, set from what the socket or a trusted proxy says: nobody outside can write it. */
export const addressHeader = 'segue-client-address';

const daySeconds = 24 * 60 * 60;

/**
 * The library that keeps passwords, sessions and second factors, in the schema `auth` of our database.
 * Its own doors are not mounted: ours call it (`sign-in-routes.ts`), so that there is one contract, one kind of
 * refusal and one guard against guessing. It calls nobody.
 */
export function createAuth({ db, secretKeys, publicUrl }: AuthOptions) {
  return betterAuth({
    appName: 'Segue',
    baseURL: publicUrl,
    secrets: secretKeys.map((key) => ({ version: versionOf(key), value: secretOf(key) })),
    database: { db, type: 'postgres', schemaName: 'auth', transaction: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    session: {
      expiresIn: 30 * daySeconds,
      updateAge: daySeconds,
      additionalFields: { openedByLinkAt: { type: 'date', required: false, input: false } },
    },
    // Counts only at its own doors; ours count in `attempts.ts`.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Wrong passwords are not news, and what it says may name people.
    logger: { disabled: true },
    advanced: {
      cookiePrefix: 'segue',
      cookies: { session_token: { name: sessionCookie } },
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      // A test compares the tables once; no process needs to again.
      database: { generateId: () => newId(), validateSchema: false },
    },
    plugins: [twoFactor({ issuer: 'Segue' }), linkSignIn()],
  });
}

/** A session for who is known already: by a link that was good, or by an invitation just accepted. */
function linkSignIn() {
  return {
    id: 'segue-link-sign-in',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ userId: z.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(ctx.body.userId);
          if (user === null) throw new Error('a session is wanted for nobody');
          const openedByLinkAt = new Date();
          const session = await internalAdapter.createSession(user.id, false, { openedByLinkAt });
          await setSessionCookie(ctx, { session, user });
          return { sessionId: session.id };
        },
      ),
    },
  };
}

/** Not the sealing key itself: what one of the two gives away is of no use for the other. */
function secretOf(key: Buffer): string {
  return createHmac('sha256', key).update('segue sign-in').digest('base64url');
}

/** The same for the same key wherever it stands, so that what it sealed is opened after a rotation. */
function versionOf(key: Buffer): number {
  return hash('sha256', `segue sign-in version ${secretOf(key)}`, 'buffer').readUInt32BE(0) >>> 1;
}
