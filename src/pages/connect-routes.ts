import type { Context, Hono } from 'hono';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { findPageLink, findShortLink, type ShortLink } from '#releases/connect-links.ts';
import { isTester } from '#releases/services-of.ts';
import { isScanner } from '#visits/is-scanner.ts';
import { calendarFile } from './calendar.ts';
import { readConnectData, type ConnectData, type ShownService } from './connect-data.ts';
import { connectBody } from './connect-view.ts';
import { offerConsent, type PagesDeps } from './deps.ts';
import { findInAppBrowser, systemBrowserLink } from './in-app.ts';
import { page, trouble } from './layout.ts';
import { isAlive } from './wishes.ts';

const definitions: readonly ConnectorDefinition[] = connectors;
export const serviceLabels = new Map(definitions.map(({ id, label }) => [id, label]));

/** After a sign-in the deferred steps need a moment: the page looks again so often, then no more. */
const looks = 5;

/** The reading side of `/s` and `/c`: nothing here changes anything. */
export function mountConnectPages(app: Hono, deps: PagesDeps): void {
  app.get('/s/:code', async (c) => {
    const link = await findShortLink(deps.db, deps.sealer, c.req.param('code'));
    if (link === undefined) return unknownLink(c);
    if (link.purpose === 'me' && deps.clocks.now(link.projectId) >= link.expiresAt) return ranOut(c);
    countClick(deps, c, link);
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-store');
    const place = link.purpose === 'connect' ? `/c/${link.token}` : `/me/${link.token}`;
    // The pages are at home under the public name alone.
    return c.redirect(deps.shortUrl() === deps.publicUrl() ? place : deps.publicUrl() + place, 303);
  });

  app.get('/c/:token', async (c) => {
    const data = await openPage(deps, c);
    return data instanceof Response ? data : showPage(deps, c, data);
  });

  app.get('/c/:token/calendar.ics', async (c) => {
    const data = await openPage(deps, c);
    if (data instanceof Response) return data;
    if (data.release === null || data.release.isCancelled) return unknownLink(c);
    c.header('content-type', 'text/calendar; charset=utf-8');
    c.header('content-disposition', 'attachment; filename="release.ics"');
    c.header('cache-control', 'no-store');
    return c.body(calendarFile(data.release, data.artist?.name ?? '', deps.wall.now()));
  });
}

/** The page behind the token in the path, or the answer that says why there is none. */
export async function openPage(deps: PagesDeps, c: Context): Promise<ConnectData | Response> {
  const token = c.req.param('token') ?? '';
  const link = /^[\w-]{32}$/.test(token) ? await findPageLink(deps.db, deps.sealer, token) : undefined;
  if (link === undefined || link.purpose !== 'connect') return unknownLink(c);
  if (deps.clocks.now(link.projectId) >= link.expiresAt) return ranOut(c);
  return (await readConnectData(deps, serviceLabels, link, token)) ?? unknownLink(c);
}

/** By the step that sent it, never by fan (R114); a link that no step sent is not counted. */
function countClick({ visits, clocks }: PagesDeps, c: Context, { projectId, sentBy }: ShortLink): void {
  if (sentBy === null) return;
  visits?.count({
    projectId,
    subjectId: sentBy.flowId,
    position: sentBy.position,
    via: 'link',
    isScanner: isScanner(c.req.method, (name) => c.req.header(name)),
    at: clocks.now(projectId),
  });
}

function ranOut(c: Context): Promise<Response> {
  const text = 'Links like this one work for a while only. Text the word again, and you get a new one.';
  return trouble(c, 410, 'This link has run out', text);
}

/** Says nothing about whom the link might have been for (R120). */
export function unknownLink(c: Context): Promise<Response> {
  const text = 'Check that all of it was copied. The link in your message leads to your page.';
  return trouble(c, 404, 'There is no such page', text);
}

/** Draws the page; `notice` says what has just happened. */
export async function showPage(
  deps: PagesDeps,
  c: Context,
  data: ConnectData,
  notice: { title: string; text: string } | null = linkedNotice(c, data),
  status: 200 | 403 | 422 = 200,
): Promise<Response> {
  const userAgent = c.req.header('user-agent') ?? '';
  const app = findInAppBrowser(userAgent);
  const short = `${deps.shortUrl()}/s/${data.link.code}`;
  const consent = (await offerConsent(deps, data.link)) ?? null;
  const body = connectBody({
    data,
    notice,
    consent,
    inApp:
      app === null
        ? null
        : {
            app,
            systemLink: systemBrowserLink(userAgent, short),
            typed: short.replace(/^https?:\/\//, ''),
            refusal: (connector) => deps.inAppRefusal?.(connector) ?? null,
          },
    mayServe: (service) => mayServe(data, service),
  });
  const name = data.artist?.name ?? 'Your page';
  return page(c, {
    title: data.release === null ? name : `${data.release.title} · ${name}`,
    status,
    formAction: formTargets(data),
    body,
    ...lookAgain(c, data),
  });
}

function linkedNotice(c: Context, data: ConnectData): { title: string; text: string } | null {
  const linked = c.req.query('linked');
  const grant = data.grants.find(({ service }) => service === linked);
  if (grant === undefined || !isAlive(grant, data.now)) return ranOutNotice(data);
  const label = serviceLabels.get(grant.service) ?? grant.service;
  const text =
    data.awaits.size > 0 ? 'What you asked for is being done this moment.' : 'What you asked for is below.';
  return { title: `${label} is linked`, text };
}

/** S4: what was allowed waits for a link that has died. */
function ranOutNotice({ grants, now, release, saves }: ConnectData): { title: string; text: string } | null {
  const dead = grants.find((grant) => grant.state !== 'refused_by_app' && !isAlive(grant, now));
  if (dead === undefined || grants.some((grant) => isAlive(grant, now))) return null;
  const label = serviceLabels.get(dead.service) ?? dead.service;
  const isWaiting =
    release !== null && !release.isCancelled && saves.every(({ state }) => state === 'scheduled');
  const what = isWaiting ? `So ${release.title} cannot reach your library yet. ` : '';
  return { title: `Your ${label} link ran out`, text: `${what}Linking again takes one tap.` };
}

function lookAgain(c: Context, data: ConnectData): { refresh?: { seconds: number; url: string } } {
  const linked = c.req.query('linked');
  const look = Number(c.req.query('look') ?? 0);
  if (linked === undefined || !serviceLabels.has(linked) || !(look < looks)) return {};
  if (data.awaits.size === 0) return {};
  return { refresh: { seconds: 1 + look, url: `/c/${data.token}?linked=${linked}&look=${look + 1}` } };
}

/** Where its forms may end up: the sign-ins, and the artist's own page. */
function formTargets({ services, release }: ConnectData): string[] {
  const origins = signInOrigins(services);
  return release?.countdownUrl == null ? origins : [...origins, new URL(release.countdownUrl).origin];
}

export function signInOrigins(services: readonly ShownService[]): string[] {
  return services.flatMap(({ connection }) => {
    const signIn = connection.streaming?.signIn;
    if (signIn?.kind !== 'redirect') return [];
    const url = signIn.authorizeUrl({
      redirectUri: 'https://nowhere.invalid/',
      state: '',
      codeChallenge: '',
      scopes: [],
    });
    return [new URL(url).origin];
  });
}

/** R63: an app that serves named people sends only those to the sign-in whom we know to be one. */
export function mayServe(
  data: ConnectData,
  { connector, connection }: ShownService,
  account?: string,
): boolean {
  const testers = connection.streaming?.namedTesters ?? null;
  if (testers === null) return true;
  const grant = data.grants.find(({ service }) => service === connector);
  if (grant !== undefined && grant.state !== 'refused_by_app') return true;
  return [...data.emails, account].some((one) => isTester(testers, one));
}
