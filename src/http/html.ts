import { html, raw } from 'hono/html';
import { apiPrefix, scopes, type Endpoint } from '#lib/endpoint.ts';
import { problemTitles } from './problem.ts';

/** Everything a page needs is in it: no scripts, no other hosts. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The look of the fan's pages, for whoever runs Segue. */
const style = raw(`
:root { color-scheme: light dark; --paper: #faf6ee; --ink: #1b1917; --soft: #5f5850; --rule: #ddd4c5; }
@media (prefers-color-scheme: dark) { :root { --paper: #161412; --ink: #efe9df; --soft: #a89f93; --rule: #38332d; } }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 "Instrument Sans", Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { margin: 0 auto; max-width: 46rem; padding: 2.5rem 1.25rem 4rem; }
h1, h2 { font-family: Fraunces, "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif; font-weight: 500; line-height: 1.15; }
h1 { font-size: 2.25rem; letter-spacing: -.015em; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .25rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; } a { color: inherit; text-underline-offset: .2em; }
dl { margin: 0; } dt { margin-top: .9rem; } dd { margin: .1rem 0 0; color: var(--soft); }
.m { display: inline-block; min-width: 4.2em; font-weight: 700; }
table { border-collapse: collapse; } td { padding: .2rem 1.2rem .2rem 0; vertical-align: top; overflow-wrap: normal; }
td code { white-space: nowrap; }
@media (max-width: 30rem) { td { display: block; } tr td:last-child { padding-bottom: .7rem; color: var(--soft); } }
`);

function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${style}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/** `account`: the name of whoever is signed in. */
export function homePage(account: string | null) {
  return page(
    'Segue',
    html`<main>
      <h1>Segue</h1>
      <p>
        A fan does one thing; everything that should follow, follows: a texted keyword, and the release is
        pre-saved, the artist followed, the fan in her segment and the answer on its way.
      </p>
      <p>
        ${account === null ? 'You are not signed in. The address to sign in with was printed where Segue was started.' : html`Signed in to <strong>${account}</strong>.`}
      </p>
      <p><a href="/api/docs">The API: every door, and what it takes</a></p>
    </main>`,
  );
}

export function signInFailedPage() {
  return page(
    'Segue',
    html`<main>
      <h1>This link is spent</h1>
      <p>A sign-in link works once, for 15 minutes. <a href="/sign-in">Sign in with your password</a>.</p>
      <p>
        No password yet? Where Segue runs, <code>npm run sign-in</code> prints another link; a manager of your
        account can make one, too.
      </p>
    </main>`,
  );
}

export function docsPage(endpoints: readonly Endpoint[]) {
  const groups = Map.groupBy(endpoints, (endpoint) => endpoint.path.split('/')[1] ?? '');
  return page(
    'Segue API',
    html`<main>
      <h1>Segue API</h1>
      <p>
        Send <code>Authorization: Bearer KEY</code>; a key belongs to one project. Bodies are JSON, ids
        lower-case UUIDs, times like <code>2026-11-23T03:00:00.000Z</code>. Lists take
        <code>?limit=1..200&amp;cursor=</code> and answer <code>{items, nextCursor}</code>. Scopes of keys:
        ${scopes.join(', ')}. The whole contract is
        <a href="${apiPrefix}/openapi.json"><code>${apiPrefix}/openapi.json</code></a> (OpenAPI 3.1).
      </p>
      ${[...groups].map(
        ([name, list]) =>
          html`<h2>${name}</h2>
            <dl>
              ${list.map(
                ({ method, path, summary, scope, isPublic }) =>
                  html` <dt>
                      <code><span class="m">${method}</span>${apiPrefix}${path}</code>
                    </dt>
                    <dd>${summary} · ${scope ?? (isPublic === true ? 'open' : 'signed in')}</dd>`,
              )}
            </dl>`,
      )}
      <h2>Refusals</h2>
      <p>Every refusal is a problem document (RFC 9457) with one of these codes.</p>
      <table>
        ${Object.entries(problemTitles).map(
          ([code, title]) =>
            html`<tr id="${code}">
              <td><code>${code}</code></td>
              <td>${title}</td>
            </tr>`,
        )}
      </table>
    </main>`,
  );
}
