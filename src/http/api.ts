import { Hono, type Context } from 'hono';
import type { ProjectFactsReader } from '#accounts/project-facts.ts';
import { accountRoutes } from '#accounts/routes.ts';
import { connectionRoutes } from '#connections/routes.ts';
import type { Connections } from '#connections/connections.ts';
import type { ConnectionManager } from '#connections/manage-connections.ts';
import type { ConnectorServer } from '#connectors/connector.ts';
import { creditRoutes } from '#credits/routes.ts';
import type { Db } from '#db/database.ts';
import { fanRoutes, type FanDeps } from '#fans/routes.ts';
import { flowEditorRoutes } from '#flows/editor/routes.ts';
import { flowForecastRoutes } from '#flows/forecast/routes.ts';
import { flowHistoryRoutes } from '#flows/history/routes.ts';
import { flowRoutes } from '#flows/routes.ts';
import { goLiveRoutes } from '#go-live/routes.ts';
import { killSwitchRoutes } from '#kill-switch/routes.ts';
import { homeRoutes } from '#home/routes.ts';
import { landingPageRoutes } from '#landing-pages/routes.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { apiPrefix } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { Route } from '#lib/route.ts';
import type { Sealer } from '#lib/seal.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import { messageRoutes } from '#messages/routes.ts';
import { emailRoutes } from '#messages/email/routes.ts';
import type { SenderDesk } from '#messages/email/sender-desk.ts';
import { planRoutes, type PlanRouteDeps } from '#plans/routes.ts';
import { releaseDayRoutes } from '#releases/day/routes.ts';
import { privacyRoutes, type PrivacyDeps } from '#privacy/routes.ts';
import { releaseMessageRoutes } from '#releases/message/routes.ts';
import { releaseRoutes } from '#releases/routes.ts';
import { resultRoutes } from '#results/routes.ts';
import { visitRoutes } from '#visits/routes.ts';
import type { EngineDoor } from '#runs/engine-door.ts';
import { runRoutes } from '#runs/routes.ts';
import { RunFeed } from '#runs/run-feed.ts';
import type { Authenticator } from '#people/authenticate.ts';
import type { Auth } from '#people/better-auth.ts';
import { peopleRoutes } from '#people/routes.ts';
import { mountDashboard } from './dashboard.ts';
import { docsPage } from './html.ts';
import { admitAnybody, identify } from './identify.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { toProblem } from './problem.ts';
import { mountHealth, type Readiness } from './health.ts';
import { mountSignIn } from './sign-in.ts';
import { mountPage } from './mount-page.ts';
import { serve, type Doorman } from './serve.ts';
import { webhookRoutes, type WebhookDeps } from '#webhooks/routes.ts';
import type { WebFiles } from './web-files.ts';

export interface ApiDeps {
  db: Db;
  log: Log;
  /** Domain time, per project. */
  clock: DomainClock;
  /** Sign-ins. */
  wall: WallClock;
  auth: Auth;
  authenticator: Authenticator;
  projects: ProjectFactsReader;
  /** Where a number is. */
  locate: LocateNumber;
  engine: EngineDoor;
  sealer: Sealer;
  alsoErase?: PrivacyDeps['alsoErase'];
  doOwnersChangePlan?: PlanRouteDeps['doOwnersChangePlan'];
  connections: ConnectionManager & Pick<Connections, 'ofProject' | 'findFresh' | 'noteSuccess' | 'noteError'>;
  senderDesk: SenderDesk;
  /** All that there are, in the order in which they are offered. */
  connectors: readonly ConnectorServer[];
  /** Where outbound webhooks may go. */
  targets: WebhookDeps['targets'];
  connectUrls: FanDeps['connectUrls'];
  /** Scheme and host without a slash at the end; asked at each request, since the port may come late. */
  publicUrl: () => string;
  shortUrl: () => string;
  readiness: Readiness;
  metrics: Metrics;
  runFeed?: RunFeed;
  /** Network address of who asks; absent in tests, whose requests have none. */
  addressOf?: (context: Context) => string | null;
  /** The built dashboard; absent: a page that says what this is stands in its place. */
  web?: WebFiles | null;
}

/** Everything under `/api`, health, metrics, the dashboard and signing in. Mount it at `/`. */
export function createApi(deps: ApiDeps): Hono {
  const app = new Hono();
  const { authenticator } = deps;
  const routes = apiRoutes(deps);
  const endpoints = routes.map((route) => route.endpoint);
  const doorman: Doorman = {
    identify: (context, endpoint) =>
      endpoint.isPublic === true
        ? Promise.resolve(admitAnybody(context))
        : identify(context, authenticator, endpoint),
    addressOf: deps.addressOf ?? (() => null),
  };
  if (deps.web != null) mountDashboard(app, deps.web);
  for (const route of routes) serve(app, route, doorman);

  app.get(`${apiPrefix}/openapi.json`, (context) => context.json(openApi(endpoints, deps.publicUrl())));
  mountPage(app, '/api/docs', () => docsPage(endpoints));
  mountSignIn(app, deps, authenticator, doorman.addressOf);
  mountHealth(app, deps.readiness, deps.metrics, deps.log);
  app.all(`${apiPrefix}/*`, () => {
    throw new UserError(404, 'not_found', 'There is no such door.');
  });
  app.notFound(() => problemResponse(new UserError(404, 'not_found', 'There is nothing here.'), deps));
  app.onError((error) => problemResponse(error, deps));
  return app;
}

/** All routes of the API, in the order in which they are tried. */
export function apiRoutes(deps: ApiDeps): Route[] {
  const runFeed = deps.runFeed ?? new RunFeed({ db: deps.db });
  return [
    ...flowRoutes({ ...deps, checkSenders: (projectId) => deps.senderDesk.checkProject(projectId) }),
    ...flowHistoryRoutes(deps),
    ...flowEditorRoutes(deps),
    ...flowForecastRoutes(deps),
    ...resultRoutes(deps),
    ...visitRoutes(deps),
    ...runRoutes({ ...deps, runFeed }),
    ...fanRoutes(deps),
    ...releaseRoutes(deps),
    ...releaseMessageRoutes(deps),
    ...releaseDayRoutes({ ...deps, insertItems: (...added) => deps.engine.addItems(...added) }),
    ...landingPageRoutes(deps),
    ...connectionRoutes(deps),
    ...creditRoutes(deps),
    ...messageRoutes(deps),
    ...emailRoutes(deps),
    ...homeRoutes(deps),
    ...goLiveRoutes(deps),
    ...killSwitchRoutes(deps),
    ...accountRoutes(deps),
    ...planRoutes(deps),
    ...peopleRoutes(deps),
    ...webhookRoutes(deps),
    ...privacyRoutes(deps),
  ];
}

function problemResponse(error: unknown, { publicUrl, log }: ApiDeps): Response {
  const { status, headers, body } = toProblem(error, publicUrl(), log);
  return new Response(JSON.stringify(body), { status, headers });
}
