import { randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { apiPrefix } from '#lib/endpoint.ts';
import type { WebFile, WebFiles } from './web-files.ts';

/** Says on every answer to a page which dashboard this process serves, so that a stale tab finds out. */
export const buildHeader = 'segue-build';

/** Pages outside any project; everything else of the dashboard begins with `/@project`. */
const outsidePlaces = ['/', '/sign-in', '/forgot-password', '/reset-password', '/invitation'];

/** Whether the dashboard answers there, so that the API and the fan's pages keep their own 404. */
export function isDashboardPath(path: string): boolean {
  return outsidePlaces.includes(path) || /^\/@[a-z0-9-]+(\/|$)/.test(path);
}

/**
 * Serves the built dashboard. Its page may load only what comes from here; its files never change
 * under their names, the page itself is never kept.
 */
export function mountDashboard(app: Hono, { index, files, build }: WebFiles): void {
  app.use(`${apiPrefix}/*`, async (context, next) => {
    await next();
    if (context.req.header('cookie') !== undefined) context.res.headers.set(buildHeader, build);
  });
  app.get('*', async (context, next) => {
    const { path } = context.req;
    if (isDashboardPath(path)) return sendIndex(index, context.req.header('cookie') === undefined);
    const file = files.get(path);
    if (file === undefined) return next();
    return sendFile(context, file);
  });
}

/** `isNew`: came without any cookie, so that the page need not ask who is signed in. */
function sendIndex(index: string, isNew: boolean): Response {
  const nonce = randomBytes(18).toString('base64');
  const page = index.replaceAll('NONCE', nonce).replace('VISITOR', isNew ? 'new' : '');
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
}

/** `frame-src`: the sandbox shows the fan's pages beside the artist's. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function sendFile(context: Context, file: WebFile): Response {
  const accepted = context.req.header('accept-encoding') ?? '';
  const encoding = (['br', 'gzip'] as const).find((one) => accepted.includes(one) && file[one] !== undefined);
  const headers: Record<string, string> = {
    'content-type': file.type,
    'x-content-type-options': 'nosniff',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  };
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  return new Response(encoding === undefined ? file.plain : file[encoding], { headers });
}
