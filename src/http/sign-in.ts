import type { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Authenticator } from '#accounts/authenticate.ts';
import { openSession } from '#accounts/sign-in.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { homePage, signInFailedPage } from './html.ts';
import { sessionCookie } from './identify.ts';
import { mountPage, sendPage } from './mount-page.ts';

interface SignInDeps {
  db: Db;
  wall: WallClock;
  publicUrl: () => string;
}

/** `/sign-in/{token}` opens a session, once, and goes to `/`. */
export function mountSignIn(app: Hono, deps: SignInDeps, authenticator: Authenticator): void {
  app.get('/sign-in/:token', async (context) => {
    // A HEAD, which a messenger's preview may send, must not spend it.
    if (context.req.method !== 'GET') return context.body(null, 204);
    const opened = await openSession(deps.db, context.req.param('token'), deps.wall.now());
    if (opened === null) return sendPage(context, await signInFailedPage(), 404);
    setCookie(context, sessionCookie, opened.session, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: deps.publicUrl().startsWith('https:'),
      expires: opened.expiresAt,
    });
    context.header('referrer-policy', 'no-referrer');
    return context.redirect('/', 303);
  });
  mountPage(app, '/', async (context) => {
    const session = getCookie(context, sessionCookie);
    const account = session === undefined ? null : await authenticator.accountOf(session);
    return homePage(account?.name ?? null);
  });
}
