import type { Context, Hono } from 'hono';
import { unsealPreview } from '#landing-pages/preview.ts';
import { isTester } from '#releases/services-of.ts';
import { isScanner } from '#visits/is-scanner.ts';
import { beginSignIn, requireClient } from '../begin-sign-in.ts';
import { calendarFile } from '../calendar.ts';
import type { PagesDeps } from '../deps.ts';
import { readForm } from '../form.ts';
import { mountEmbed } from './embed.ts';
import { bylineOf, createLandingReader, previewLanding } from './landing-data.ts';
import { actionsOf, tickedWishes } from './landing-wishes.ts';
import { remindBody } from './remind-view.ts';
import { goneLanding, sendLanding, showLanding, viewOf, withPage } from './show-landing.ts';
import { mountSignUps } from './sign-up-routes.ts';
import { outAt, pathOf, type LandingView } from './view-model.ts';

/**
 * `/p/{slug}`: what an artist shows to everybody. Reading changes nothing; every button is a form that
 * works without scripts and answers with a page that says what happened.
 */
export function mountLanding(app: Hono, deps: PagesDeps): void {
  const read = createLandingReader(deps.db);

  app.get('/p/:slug', (c) =>
    withPage(deps, read, c, (view) => {
      countVisit(deps, c, view);
      return showLanding(deps, c, view);
    }),
  );

  app.get('/preview/p/:token', async (c) => {
    const preview = unsealPreview(deps.sealer, c.req.param('token'), deps.wall.now());
    if (preview === null) return goneLanding(c);
    const data = await previewLanding(deps.db, preview.projectId, preview.slug, preview.content);
    if (data === undefined) return goneLanding(c);
    return showLanding(deps, c, { ...(await viewOf(deps, c, data)), isPreview: true });
  });

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
  mountEmbed(app, deps, read);

  app.post('/p/:slug/connect/:connector', (c) =>
    withPage(deps, read, c, (view) => connect(deps, c, view, c.req.param('connector'))),
  );
}

/** `?via=qr` stands in the code that was printed. */
function countVisit({ visits }: PagesDeps, c: Context, { data, now, isFramed }: LandingView): void {
  if (data.pageId === null) return;
  visits?.count({
    projectId: data.projectId,
    subjectId: data.pageId,
    position: 0,
    via: isFramed ? 'frame' : c.req.query('via') === 'qr' ? 'qr' : 'link',
    isScanner: isScanner(c.req.method, (name) => c.req.header(name)),
    at: now,
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
