import { html, raw } from 'hono/html';
import { apiPrefix, scopes, type Endpoint } from '#lib/endpoint.ts';
import { problemTitles } from './problem.ts';

/** Everything a page needs is in it: no scripts, no other hosts. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const style = raw(`
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 46rem; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; }
code { font: .92em ui-monospace, monospace; } dt { margin-top: .9rem; overflow-wrap: anywhere; }
dd { margin: .15rem 0 0; opacity: .85; } .m { display: inline-block; min-width: 4.2em; font-weight: 600; }
a { color: inherit; } table { border-collapse: collapse; } td { padding: .2rem 1.2rem .2rem 0; vertical-align: top; }
`);

function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
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
      <p>A sign-in link works once, for 15 minutes. Start Segue again to get another one.</p>
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
                ({ method, path, summary, scope }) =>
                  html` <dt>
                      <code><span class="m">${method}</span>${apiPrefix}${path}</code>
                    </dt>
                    <dd>${summary} · ${scope}</dd>`,
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
