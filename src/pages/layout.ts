import { html, raw } from 'hono/html';
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import { styleElement, styleHash } from './style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageOptions {
  title: string;
  body: Html;
  /** Of the words on it; English unless said. */
  language?: string;
  status?: 200 | 400 | 403 | 404 | 409 | 410 | 422 | 429 | 502 | 503;
  /** Origins that a form may lead to by redirect. */
  formAction?: readonly string[];
  /** The one script that may run, by hash, and the origins it loads from and speaks to. */
  script?: { hash: string; origins: readonly string[] };
  /** Looked at again by itself after so many seconds, at that address. */
  refresh?: { seconds: number; url: string };
}

/**
 * One page: no cookie, nothing from elsewhere, and no script but on the page where a service takes a
 * sign-in by its own. The address holds a secret, so it is told
 * to nobody (`no-referrer`), kept by no cache and framed by no page of another host.
 */
export async function page(c: Context, options: PageOptions): Promise<Response> {
  const { title, body, language = 'en', status = 200, formAction = [], refresh, script } = options;
  c.header(
    'content-security-policy',
    [
      "default-src 'none'",
      `style-src ${styleHash}`,
      "img-src 'self' data:",
      ...(script === undefined ? [] : scriptPolicy(script)),
      `form-action ${["'self'", ...new Set(formAction)].join(' ')}`,
      "base-uri 'none'",
      // The dashboard of this host alone, whose sandbox shows it in a phone.
      "frame-ancestors 'self'",
    ].join('; '),
  );
  c.header('x-frame-options', 'SAMEORIGIN');
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
  c.header('cache-control', 'no-store');
  c.header('x-robots-tag', 'noindex, nofollow');
  // The script's own window has to reach back to the page.
  c.header('cross-origin-opener-policy', script === undefined ? 'same-origin' : 'same-origin-allow-popups');
  c.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  const again = refresh
    ? html`<meta http-equiv="refresh" content="${refresh.seconds};url=${refresh.url}" />`
    : '';
  return c.html(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title}</title>
          ${again}
          <link rel="icon" href="data:," />
          ${raw(styleElement)}
        </head>
        <body>
          <main>${body}</main>
        </body>
      </html>`,
    status,
  );
}

function scriptPolicy({ hash, origins }: NonNullable<PageOptions['script']>): string[] {
  const hosts = [...new Set(origins)].join(' ');
  return [`script-src ${hash} ${hosts}`, `connect-src ${hosts}`, `frame-src ${hosts}`];
}

/** Something did not go as wished: what happened, and what to do. Names no artist. */
export function trouble(
  c: Context,
  status: NonNullable<PageOptions['status']>,
  title: string,
  text: string,
  back?: { href: string; label: string },
  language?: string,
): Promise<Response> {
  const link = back ? html`<p><a class="button" href="${back.href}">${back.label}</a></p>` : '';
  return page(c, {
    title,
    status,
    ...(language === undefined ? {} : { language }),
    body: html`<h1>${title}</h1>
      <p>${text}</p>
      ${link}`,
  });
}
