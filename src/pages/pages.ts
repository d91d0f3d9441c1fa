import { Hono } from 'hono';
import { mountArtwork } from './artwork-routes.ts';
import { mountConnectPages } from './connect-routes.ts';
import type { PagesDeps } from './deps.ts';
import { mountActions } from './do-routes.ts';
import { trouble } from './layout.ts';
import { mountConfirm } from './confirm-routes.ts';
import { mountLanding } from './landing/landing-routes.ts';
import { mountOwnPage } from './own/routes.ts';
import { mountTerms } from './terms.ts';
import { mountUnsubscribe } from './unsubscribe-routes.ts';
import { mountSignIn } from './sign-in.ts';

/**
 * What fans see: short links, the connect page with its buttons, and the way to a service's sign-in
 * and back, and her own page. Server HTML, no script; the one cookie says that a code opened her own page. Every page says what happened and what can be done.
 */
export function createPages(deps: PagesDeps): Hono {
  const app = new Hono();
  mountLanding(app, deps);
  mountConfirm(app, deps);
  mountConnectPages(app, deps);
  mountActions(app, deps);
  mountSignIn(app, deps);
  mountTerms(app, deps);
  mountArtwork(app, deps);
  mountUnsubscribe(app, deps);
  if (deps.own !== undefined) mountOwnPage(app, { ...deps, own: deps.own });
  app.onError((error, c) => {
    deps.log.error({ err: error, path: c.req.routePath }, 'a page failed');
    return trouble(
      c,
      503,
      'That did not work yet',
      'The fault is ours. Nothing was changed. Try again in a minute.',
    );
  });
  return app;
}
