import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import { findTurn, ownPageToken } from '#fans/own-page.ts';
import { emailWordsIn } from '#messages/email/email-words.ts';
import { findSubscription, subscribeAgain, unsubscribe } from '#messages/email/unsubscribe.ts';
import { readUnsubscribeToken, type Unsubscriber } from '#messages/email/unsubscribe-link.ts';
import { unknownLink } from './connect-routes.ts';
import { readForm } from './form.ts';
import { page, type Html } from './layout.ts';
import { masked } from './mask.ts';

export interface UnsubscribeDeps {
  db: Db;
  sealer: Sealer;
  clocks: DomainClock;
}

/**
 * `/u/{token}`, the way out of mails (RFC 8058). GET asks and changes nothing, since scanners follow
 * links; POST unsubscribes, without a sign-in or a cookie, and answers a mail program with nothing at
 * all. Only the page's own button says where it stands, and gets a page.
 */
export function mountUnsubscribe(app: Hono, deps: UnsubscribeDeps): void {
  const { db, clocks } = deps;

  app.get('/u/:token', async (c) => {
    const link = linkOf(deps, c);
    return link === null ? unknownLink(c) : ask(deps, c, link);
  });

  app.post('/u/:token', async (c) => {
    const link = linkOf(deps, c);
    if (link === null) return unknownLink(c);
    const isOurs = (await readForm(c)).get('from') === 'page';
    await unsubscribe(db, link, isOurs ? 'the link' : 'the mail program', clocks.now(link.projectId));
    return isOurs ? sayDone(deps, c, link) : c.body(null, 200, { 'cache-control': 'no-store' });
  });

  app.post('/u/:token/again', async (c) => {
    const link = linkOf(deps, c);
    if (link === null) return unknownLink(c);
    await subscribeAgain(db, link, clocks.now(link.projectId));
    return ask(deps, c, link, { isBack: true });
  });
}

function linkOf({ sealer }: UnsubscribeDeps, c: Context): Unsubscriber | null {
  return readUnsubscribeToken(sealer, c.req.param('token') ?? '');
}

/** The question; to whom gets no mails, that this is so; to who came back, that first. */
async function ask(
  deps: UnsubscribeDeps,
  c: Context,
  link: Unsubscriber,
  { isBack = false }: { isBack?: boolean } = {},
): Promise<Response> {
  const found = await findSubscription(deps.db, link);
  if (found === null || !found.isSubscribed) return sayDone(deps, c, link);
  const language = found.language ?? 'en';
  const words = emailWordsIn(language).page;
  return page(c, {
    title: isBack ? words.againTitle : words.title,
    language,
    body: html`<h1>${isBack ? words.againTitle : words.title}</h1>
      <p>
        ${isBack ? words.againDone(found.programme) : words.question(masked(found.address), found.programme)}
      </p>
      <form method="post" action="/u/${c.req.param('token')}">
        <input type="hidden" name="from" value="page" />
        <p><button class="${isBack ? 'quiet' : 'main'}">${words.confirm}</button></p>
      </form>
      ${await ownPage(deps, link, language)}`,
  });
}

async function sayDone(deps: UnsubscribeDeps, c: Context, link: Unsubscriber): Promise<Response> {
  const found = await findSubscription(deps.db, link);
  const language = found?.language ?? 'en';
  const words = emailWordsIn(language).page;
  // Of a fan who was erased nobody is named.
  if (found === null) return page(c, { title: words.doneTitle, body: html`<h1>${words.doneTitle}</h1>` });
  const again = html`<form method="post" action="/u/${c.req.param('token')}/again">
    <p><button class="quiet">${words.again}</button></p>
  </form>`;
  return page(c, {
    title: words.doneTitle,
    language,
    body: html`<h1>${words.doneTitle}</h1>
      <p>${words.done(found.programme)}</p>
      ${found.canReturn ? again : ''} ${await ownPage(deps, link, language)}`,
  });
}

/** The way to everything else that is hers (R120). */
async function ownPage({ db, sealer }: UnsubscribeDeps, link: Unsubscriber, language: string): Promise<Html> {
  const turn = await findTurn(db, link.projectId, link.fanId);
  if (turn === null) return html``;
  const href = `/me/${ownPageToken(sealer, { ...link, turn })}`;
  return html`<p class="small"><a href="${href}">${emailWordsIn(language).yourData}</a></p>`;
}
