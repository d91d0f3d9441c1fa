import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import { styleElement, styleHash } from '../style.ts';
import type { Html } from '../layout.ts';
import { landingScript } from './landing-script.ts';
import { landingStyle, paletteStyle } from './landing-style.ts';

export interface LandingDocument {
  title: string;
  description: string;
  language: string;
  body: Html;
  status?: 200 | 403 | 404 | 409 | 422 | 429;
  /** `#rrggbb` of the cover; null: paper and ink. */
  colour: string | null;
  /** Absolute addresses, for whoever is sent the link. */
  share: { url: string; image: string | null } | null;
  /** Origins that a form may lead to by redirect. */
  formAction: readonly string[];
  /** Other sites that may frame it. */
  frameAncestors: readonly string[];
  /** Inside another site's page. */
  isFramed: boolean;
  isPreview: boolean;
  /** For browsers without scripts: the release's moment, in seconds from now. */
  reloadInSeconds: number | null;
}

/**
 * A public page: no cookie, nothing from elsewhere, complete without its one small script. It may be
 * found and shared, unlike a fan's own page; it is framed only by whom the artist named.
 */
export async function landingDocument(c: Context, page: LandingDocument): Promise<Response> {
  const { title, description, language, body, status = 200, share, reloadInSeconds } = page;
  const colours = page.colour === null ? null : paletteStyle(page.colour);
  setHeaders(c, page, [styleHash, landingStyle.hash, ...(colours === null ? [] : [colours.hash])]);
  const reload =
    reloadInSeconds === null
      ? ''
      : html`<noscript><meta http-equiv="refresh" content="${reloadInSeconds}" /></noscript>`;
  return c.html(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <meta name="description" content="${description}" />
          ${share === null ? html`<meta name="robots" content="noindex" />` : shareMeta(page, share)}
          ${reload}
          <link rel="icon" href="data:," />
          ${raw(styleElement)}${raw(landingStyle.element)}${raw(colours?.element ?? '')}
        </head>
        <body class="${page.isFramed ? 'framed' : ''}">
          <main ${page.isPreview ? 'inert' : ''}>${body}</main>
          ${raw(landingScript.element)}
        </body>
      </html>`,
    status,
  );
}

function shareMeta(
  { title, description }: LandingDocument,
  { url, image }: NonNullable<LandingDocument['share']>,
): Html {
  const picture =
    image === null
      ? html`<meta name="twitter:card" content="summary" />`
      : html`<meta property="og:image" content="${image}" />
          <meta name="twitter:card" content="summary_large_image" />`;
  return html`<link rel="canonical" href="${url}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${description}" />
    <meta property="og:url" content="${url}" />
    ${picture}`;
}

function setHeaders(c: Context, { formAction, frameAncestors }: LandingDocument, styles: readonly string[]) {
  c.header(
    'content-security-policy',
    [
      "default-src 'none'",
      `style-src ${styles.join(' ')}`,
      `script-src ${landingScript.hash}`,
      "img-src 'self' data:",
      `form-action ${["'self'", ...new Set(formAction)].join(' ')}`,
      "base-uri 'none'",
      `frame-ancestors ${["'self'", ...frameAncestors].join(' ')}`,
    ].join('; '),
  );
  // Browsers that know `frame-ancestors` do not look at it; the others show the page in no frame but ours.
  c.header('x-frame-options', 'SAMEORIGIN');
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'strict-origin-when-cross-origin');
  // Each answer has its own stamp in its forms, and the page turns over at a moment.
  c.header('cache-control', 'no-store');
  c.header('cross-origin-opener-policy', 'same-origin');
  c.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
}
