import type { Context } from 'hono';
import type { Authenticator } from '#people/authenticate.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';

/**
 * Names the project that a signed-in person works in. `none` where she has not chosen one yet and what
 * she does belongs to none.
 */
export const projectHeader = 'segue-project';

/**
 * Who calls: an API key, or a session cookie. Something that changes facts is taken from a browser
 * only with the project header, which no other site's form can send.
 */
export async function identify(
  context: Context,
  authenticator: Authenticator,
  endpoint?: Pick<Endpoint, 'scope'>,
): Promise<Caller> {
  const authorization = context.req.header('authorization');
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const caller = key === undefined ? null : await authenticator.byKey(key);
    if (caller === null)
      throw new UserError(401, 'unauthorized', 'This API key is not known, or was revoked.');
    return caller;
  }
  const { headers } = context.req.raw;
  if (headers.get('cookie') === null) {
    throw new UserError(401, 'unauthorized', 'Sign in, or send an API key: `Authorization: Bearer KEY`.');
  }
  const named = context.req.header(projectHeader);
  // What no key may do is a person's or an account's: it needs no project.
  const needsNone = endpoint?.scope === null;
  const found = await authenticator.bySession(headers, named === 'none' ? undefined : named, needsNone);
  if (found === 'none') throw new UserError(401, 'unauthorized', 'This session is over. Sign in again.');
  if (found === 'project' || (named === 'none' && !needsNone)) throw noProject();
  requireHeader(context);
  for (const cookie of found.cookies) context.header('set-cookie', cookie, { append: true });
  return found.caller;
}

/** At a door that is open to all: nobody in particular, but no other site's form either. */
export function admitAnybody(context: Context): null {
  requireHeader(context);
  return null;
}

function requireHeader(context: Context): void {
  const isReading = context.req.method === 'GET' || context.req.method === 'HEAD';
  if (!isReading && context.req.header(projectHeader) === undefined) throw noProject();
}

function noProject(): UserError {
  const message = `Name a project that you work in, in the header “${projectHeader}”.`;
  return new UserError(403, 'forbidden', message);
}
