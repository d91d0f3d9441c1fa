import type { Hono } from 'hono';
import type { Auth } from '#people/better-auth.ts';
import type { Authenticator } from '#people/authenticate.ts';
import { openSession } from '#people/sessions.ts';
import { spendSignIn } from '#people/sign-in-links.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { homePage, signInFailedPage } from './html.ts';
import { mountPage, sendPage } from './mount-page.ts';
import type { Doorman } from './serve.ts';

interface SignInDeps {
  db: Db;
  auth: Auth;
  wall: WallClock;
}

/** `/sign-in/{token}` opens a session, once, and goes to `/`. */
export function mountSignIn(
  app: Hono,
  { db, auth, wall }: SignInDeps,
  authenticator: Authenticator,
  addressOf: Doorman['addressOf'],
): void {
  app.get('/sign-in/:token', async (context) => {
    // A HEAD, which a messenger's preview may send, must not spend it.
    if (context.req.method !== 'GET') return context.body(null, 204);
    const person = await spendSignIn(db, context.req.param('token'), wall.now());
    if (person === null) return sendPage(context, await signInFailedPage(), 404);
    const from = { headers: context.req.raw.headers, address: addressOf(context) };
    for (const cookie of await openSession(auth, person.userId, from)) {
      context.header('set-cookie', cookie, { append: true });
    }
    context.header('referrer-policy', 'no-referrer');
    context.header('cache-control', 'no-store');
    return context.redirect('/', 303);
  });
  mountPage(app, '/', async (context) => {
    const account = await authenticator.accountOf(context.req.raw.headers);
    return homePage(account?.name ?? null);
  });
}
