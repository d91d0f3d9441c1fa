import { sql } from 'kysely';
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { emailWordsIn } from '#messages/email/email-words.ts';
import { readConfirmToken, type ConfirmLink } from '#messages/sign-up/confirm-link.ts';
import { unknownLink } from './connect-routes.ts';
import type { PagesDeps } from './deps.ts';
import { page, trouble } from './layout.ts';
import { masked } from './mask.ts';

/**
 * `/confirm/{token}`, the link of the one request (R97). GET asks and changes nothing, since scanners follow
 * links; the button confirms, once, however often it is tapped.
 */
export function mountConfirm(app: Hono, deps: PagesDeps): void {
  app.get('/confirm/:token', async (c) => {
    const pending = await findPending(deps, c);
    if (pending instanceof Response) return pending;
    const { programme, address, isActive } = pending;
    const words = emailWordsIn(pending.language).request;
    if (isActive) return sayDone(c, pending);
    return page(c, {
      title: words.confirm,
      language: pending.language,
      body: html`<h1>${words.confirm}</h1>
        <p>${words.question(masked(address), programme)}</p>
        <form method="post">
          <p><button class="main">${words.confirm}</button></p>
        </form>`,
    });
  });

  app.post('/confirm/:token', async (c) => {
    const pending = await findPending(deps, c);
    if (pending instanceof Response) return pending;
    const { projectId, consentId } = pending.link;
    await deps.signUps?.confirm(projectId, consentId);
    return sayDone(c, pending);
  });
}

interface Pending {
  link: ConfirmLink;
  programme: string;
  address: string;
  language: string;
  isActive: boolean;
}

async function findPending({ db, sealer }: PagesDeps, c: Context): Promise<Pending | Response> {
  const link = readConfirmToken(sealer, c.req.param('token') ?? '');
  if (link === null) return unknownLink(c);
  const { rows } = await sql<Omit<Pending, 'link'>>`
    select p.programme, c.address, coalesce(c.source->>'language', 'en') as language,
           c.active_at is not null as "isActive"
      from consent c join project p on p.id = c.project_id
     where c.project_id = ${link.projectId} and c.id = ${link.consentId} and c.revoked_at is null`.execute(
    db,
  );
  const [row] = rows;
  if (row !== undefined) return { ...row, link };
  const words = emailWordsIn('en').request;
  return trouble(c, 410, words.over, words.overText);
}

function sayDone(c: Context, { language, programme }: Pending): Promise<Response> {
  const words = emailWordsIn(language).request;
  return page(c, {
    title: words.done,
    language,
    body: html`<h1>${words.done}</h1>
      <p>${words.doneText(programme)}</p>`,
  });
}
