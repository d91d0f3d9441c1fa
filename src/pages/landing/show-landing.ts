import type { Context } from 'hono';
import { servicesOf } from '../connect-data.ts';
import { serviceLabels, signInOrigins } from '../connect-routes.ts';
import type { PagesDeps } from '../deps.ts';
import { findInAppBrowser, systemBrowserLink } from '../in-app.ts';
import { trouble, type Html } from '../layout.ts';
import { landingDocument } from './document.ts';
import { bylineOf, headingOf, type createLandingReader, type LandingData } from './landing-data.ts';
import { landingBody } from './landing-view.ts';
import { makeStamp } from './stamp.ts';
import { isOut, outAt, pathOf, releaseDayIn, type LandingView } from './view-model.ts';
import { chooseLanguage, pageLanguages, regionOf, wordsIn, type PageLanguage } from './words.ts';

export type ReadLanding = ReturnType<typeof createLandingReader>;

/** Statuses that a page of an artist answers with. */
export type LandingStatus = 200 | 403 | 409 | 422 | 429;

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
    isPreview: false,
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
    isPreview: view.isPreview,
    share: view.isPreview
      ? null
      : {
          url: origin + pathOf(data),
          image: artwork === null ? null : `${origin}/artwork/${artwork.token}/1200.jpg`,
        },
    formAction: signInOrigins(services),
    frameAncestors: data.project.embedOrigins,
    isFramed: view.isFramed,
    reloadInSeconds: untilOut === null || untilOut > longestReload ? null : Math.ceil(untilOut) + 2,
  });
}
