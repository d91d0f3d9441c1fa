import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Authenticator } from '#accounts/authenticate.ts';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';

export const sessionCookie = 'segue_session';
/** Names the project that a signed-in person works in. */
export const projectHeader = 'segue-project';

/**
 * Who calls: an API key, or a session cookie. Something that changes facts is taken from a session
 * only with the project header, which no other site's form can send.
 */
export async function identify(context: Context, authenticator: Authenticator): Promise<Caller> {
  const authorization = context.req.header('authorization');
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const caller = key === undefined ? null : await authenticator.byKey(key);
    if (caller === null)
      throw new UserError(401, 'unauthorized', 'This API key is not known, or was revoked.');
    return caller;
  }
  const session = getCookie(context, sessionCookie);
  if (session === undefined) {
    throw new UserError(401, 'unauthorized', 'Send an API key: `Authorization: Bearer KEY`.');
  }
  const project = context.req.header(projectHeader);
  const caller = await authenticator.bySession(session, project);
  if (caller === 'none') throw new UserError(401, 'unauthorized', 'This session is over. Sign in again.');
  const isReading = context.req.method === 'GET' || context.req.method === 'HEAD';
  if (caller === 'project' || (!isReading && project === undefined)) {
    throw new UserError(403, 'forbidden', `Name a project of this account in the header “${projectHeader}”.`);
  }
  return caller;
}
