import type { Context, Hono } from 'hono';
import { isTester } from '#releases/services-of.ts';
import { beginSignIn, requireClient } from '../begin-sign-in.ts';
import { calendarFile } from '../calendar.ts';
import { servicesOf } from '../connect-data.ts';
import { serviceLabels, signInOrigins } from '../connect-routes.ts';
import type { PagesDeps } from '../deps.ts';
import { readForm } from '../form.ts';
import { findInAppBrowser, systemBrowserLink } from '../in-app.ts';
import { trouble, type Html } from '../layout.ts';
import { landingDocument } from './document.ts';
import { bylineOf, createLandingReader, headingOf, type LandingData } from './landing-data.ts';
import { landingBody } from './landing-view.ts';
import { actionsOf, tickedWishes } from './landing-wishes.ts';
import { remindBody } from './remind-view.ts';
import { isOut, outAt, pathOf, releaseDayIn, type LandingView } from './view-model.ts';
import { mountSignUps } from './sign-up-routes.ts';
import { makeStamp } from './stamp.ts';
import { chooseLanguage, pageLanguages, regionOf, wordsIn, type PageLanguage } from './words.ts';

export type ReadLanding = ReturnType<typeof createLandingReader>;

/** Statuses that a page of an artist answers with. */
export type LandingStatus = 200 | 403 | 409 | 422 | 429;

/**
 * `/p/{slug}`: what an artist shows to everybody. Reading changes nothing; every button is a form that
 * works without scripts and answers with a page that says what happened.
 */
export function mountLanding(app: Hono, deps: PagesDeps): void {
  const read = createLandingReader(deps.db);

  app.get('/p/:slug', (c) => withPage(deps, read, c, (view) => showLanding(deps, c, view)));

  app.get('/p/:slug/remind', (c) =>
    withPage(deps, read, c, (view) => sendLanding(deps, c, view, remindBody(view))),
  );

  app.get('/p/:slug/calendar.ics', (c) =>
    withPage(deps, read, c, (view) => {
      const { release } = view.data;
      if (release === null || release.isCancelled) return goneLanding(c);
      const by = bylineOf(view.data) ?? view.data.project.name;
      c.header('content-type', 'text/calendar; charset=utf-8');
      c.header('content-disposition', 'attachment; filename="release.ics"');
      return c.body(calendarFile(release, by, deps.wall.now()));
    }),
  );

  mountSignUps(app, deps, read);

  app.post('/p/:slug/connect/:connector', (c) =>
    withPage(deps, read, c, (view) => connect(deps, c, view, c.req.param('connector'))),
  );
}

/** Hands over the published page of the slug, or answers that there is none. */
export async function withPage(
  deps: PagesDeps,
  read: ReadLanding,
  c: Context,
  act: (view: LandingView) => Response | Promise<Response>,
): Promise<Response> {
  const slug = c.req.param('slug') ?? '';
  const data = /^[a-z0-9-]{1,60}$/.test(slug) ? await read(slug) : undefined;
  return data?.isPublished ? act(await viewOf(deps, c, data)) : goneLanding(c);
}

/** Names no artist: a page that was taken back is as unknown as one that never was. */
export function goneLanding(c: Context): Promise<Response> {
  const { trouble: say, language } = wordsIn(languageOf(c));
  return trouble(c, 404, say.gone, say.goneText, undefined, language);
}

/** `?lang=` for links that know better than the browser. */
export function languageOf(c: Context): PageLanguage {
  const asked = pageLanguages.find((one) => one === c.req.query('lang'));
  return asked ?? chooseLanguage(c.req.header('accept-language'));
}

export async function viewOf(deps: PagesDeps, c: Context, data: LandingData): Promise<LandingView> {
  const userAgent = c.req.header('user-agent') ?? '';
  const app = findInAppBrowser(userAgent);
  const url = deps.publicUrl() + pathOf(data);
  const language = languageOf(c);
  const [connections, offer] = await Promise.all([
    deps.connections.ofProject(data.projectId),
    deps.signUps?.offer(data.projectId, language) ?? nothingOffered,
  ]);
  return {
    data,
    words: wordsIn(language),
    now: deps.clocks.now(data.projectId),
    wallNow: deps.wall.now(),
    services: servicesOf(connections, serviceLabels),
    notice: null,
    inApp:
      app === null
        ? null
        : {
            app,
            systemLink: systemBrowserLink(userAgent, url),
            typed: url.replace(/^https?:\/\//, ''),
            refusal: (connector) => deps.inAppRefusal?.(connector) ?? null,
          },
    offer,
    stamp: makeStamp(deps.sealer, deps.wall.now()),
    typed: new Map(),
    region: regionOf(c.req.header('accept-language')),
    labelOf: (service) => serviceLabels.get(service) ?? service,
    isFramed: c.req.query('embed') !== undefined,
  };
}

export function showLanding(
  deps: PagesDeps,
  c: Context,
  view: LandingView,
  status: LandingStatus = 200,
): Promise<Response> {
  return sendLanding(deps, c, view, landingBody(view), status);
}

const nothingOffered = { sms: null, email: null };

/** Longer than that nobody keeps a page open, and timers of browsers would not hold. */
const longestReload = 24 * 60 * 60;

export function sendLanding(
  deps: Pick<PagesDeps, 'publicUrl'>,
  c: Context,
  view: LandingView,
  body: Html,
  status: LandingStatus = 200,
): Promise<Response> {
  const { data, words, services } = view;
  const { release } = data;
  const by = bylineOf(data);
  const heading = headingOf(data);
  const untilOut =
    release === null || isOut(view) ? null : (outAt(data, release).getTime() - view.now.getTime()) / 1_000;
  const origin = deps.publicUrl();
  const artwork = release?.artwork ?? null;
  return landingDocument(c, {
    title: by === null ? heading : `${heading} · ${by}`,
    description: data.content.text || (release === null ? heading : words.outOn(releaseDayIn(view, release))),
    language: words.language,
    body,
    status,
    colour: data.content.palette === 'artwork' ? (artwork?.colour ?? null) : null,
    share: {
      url: origin + pathOf(data),
      image: artwork === null ? null : `${origin}/artwork/${artwork.token}/1200.jpg`,
    },
    formAction: signInOrigins(services),
    frameAncestors: data.project.embedOrigins,
    isFramed: view.isFramed,
    reloadInSeconds: untilOut === null || untilOut > longestReload ? null : Math.ceil(untilOut) + 2,
  });
}

/** One tap: away to the service's sign-in, with what is ticked (R68, R100). */
async function connect(deps: PagesDeps, c: Context, view: LandingView, connector: string): Promise<Response> {
  const { data, words, now } = view;
  const service = view.services.find((one) => one.connector === connector);
  if (service === undefined) return goneLanding(c);
  const form = await readForm(c);
  const say = words.trouble;
  const wrong = (title: string, text: string, status: 403 | 422) =>
    showLanding(deps, c, { ...view, notice: { title, text, isWrong: true } }, status);
  const testers = service.connection.streaming?.namedTesters ?? null;
  if (testers !== null && !isTester(testers, form.get('account') ?? undefined))
    return wrong(say.notInvited, say.notInvitedText(service.label), 403);
  const purposes = tickedWishes(view, form);
  if (purposes.length === 0) return wrong(say.nothingTicked, say.nothingTickedText, 422);
  const client = requireClient(service.connection);
  return beginSignIn(deps, c, {
    projectId: data.projectId,
    fanId: null,
    connection: service.connection,
    label: service.label,
    purposes,
    scopes: client.oauth.scopesFor(actionsOf(view, purposes)),
    back: pathOf(data),
    takenPath: `${pathOf(data)}/connect/${connector}/taken`,
    about: {
      releaseId: data.release?.id ?? null,
      artistId: data.artist?.id ?? null,
      releaseAt: data.release === null ? null : outAt(data, data.release),
    },
    language: words.language,
    now,
  });
}
