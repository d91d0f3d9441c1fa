import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { PagesDeps } from '../deps.ts';
import type { ReadLanding } from './show-landing.ts';
import { withPage } from './show-landing.ts';
import { pathOf } from './view-model.ts';

/**
 * The one line for other people's sites: puts a frame where it stands, or at the end of the page where it
 * stands in its head, and gives it the height that the page in it says it has. Touches nothing else there.
 */
const script = `(() => {
  const me = document.currentScript;
  const origin = new URL(me.src).origin;
  const frame = document.createElement('iframe');
  frame.src = origin + '/p/' + encodeURIComponent(me.dataset.page) + '?embed=1';
  frame.title = me.dataset.title || me.dataset.page;
  frame.loading = 'lazy';
  frame.style.cssText = 'display:block;width:100%;height:720px;border:0';
  if (!me.closest('head')) me.after(frame);
  else if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => document.body.append(frame));
  else document.body.append(frame);
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    if (event.data && event.data.segue === 'height') frame.style.height = Math.ceil(event.data.height) + 'px';
  });
})();
`;

export function mountEmbed(app: Hono, deps: PagesDeps, read: ReadLanding): void {
  app.get('/embed.js', (c) =>
    c.body(script, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    }),
  );

  // For people who allow no script and no frame: to be pasted into a page of theirs, styled as they like.
  app.get('/p/:slug/form.txt', (c) =>
    withPage(deps, read, c, async (view) => {
      const code = await formCode(deps.publicUrl() + pathOf(view.data), view);
      return c.text(code.trim(), 200, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    }),
  );
}

async function formCode(base: string, { offer, words }: Parameters<Parameters<typeof withPage>[3]>[0]) {
  const say = words.signUp;
  const box = ({ text, version }: { text: string; version: string }) =>
    html`<label><input type="checkbox" name="agree" value="yes" required /> ${text}</label>
      <input type="hidden" name="version" value="${version}" />
      <input type="hidden" name="lang" value="${words.language}" />`;
  const mails =
    offer.email &&
    html`<form method="post" action="${base}/email">
      <label>${say.email} <input type="email" name="email" autocomplete="email" required /></label>
      ${box(offer.email)}
      <button>${say.sendMails}</button>
    </form>`;
  const texts =
    offer.sms &&
    html`<form method="post" action="${base}/sms">
      <label>${say.number} <input type="tel" name="phone" autocomplete="tel" required /></label>
      <input type="hidden" name="country" value="${offer.sms.country ?? ''}" />
      ${box(offer.sms)}
      <button>${say.sendTexts}</button>
    </form>`;
  return (await html`${mails ?? ''} ${texts ?? ''}`).toString();
}
