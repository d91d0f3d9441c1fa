import type { Context } from 'hono';
import { isId } from '#lib/ids.ts';
import { isEmailFake, type SandboxFakes } from './fakes.ts';

/** `GET /sandbox/mailbox/{projectId}/{id}`: a mail of a test project, as a page of its own for a frame. */
export const mailPagePath = '/sandbox/mailbox/:projectId/:id';

/**
 * A mail as a mail program shows it: its own styles, nothing fetched, no script, links in a new window.
 * A page of its own, since a frame that is written by the dashboard could have no styles. The id
 * is a secret that only the mailbox tells.
 */
export function createMailPage(fakes: SandboxFakes) {
  return async (context: Context): Promise<Response> => {
    const { projectId = '', id = '' } = context.req.param();
    const found = isId(projectId) ? await fakes.ofProject(projectId) : [];
    for (const { fake } of found) {
      if (!isEmailFake(fake)) continue;
      const mail = (await fake.mails()).find((one) => one.id === id);
      if (mail !== undefined) return asPage(mail.html);
    }
    return new Response('There is no such mail.', { status: 404 });
  };
}

function asPage(html: string): Response {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return new Response(html.replaceAll('<a ', '<a target="_blank" rel="noreferrer" '), { headers });
}
