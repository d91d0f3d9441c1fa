import { sql } from 'kysely';
import { shownEmail } from '#accounts/person-email.ts';
import type { Db } from '#db/database.ts';
import { addressHeader, type Auth } from './better-auth.ts';
import type { PersonView } from './persons.ts';

/** How long a session that a link opened may set a password without naming the old one. */
const linkTrustMs = 60 * 60_000;

export interface Session {
  id: string;
  userId: string;
  openedByLinkAt: Date | null;
  /** To be sent on: a session in use is prolonged now and then. */
  cookies: string[];
}

/** The session whose cookie these headers carry; null: none, or it is over. */
export async function findSession(auth: Auth, headers: Headers): Promise<Session | null> {
  if (headers.get('cookie') === null) return null;
  const { headers: answered, response } = await auth.api.getSession({ headers, returnHeaders: true });
  if (response === null) return null;
  const { id, userId, openedByLinkAt } = response.session;
  return { id, userId, openedByLinkAt: openedByLinkAt ?? null, cookies: answered.getSetCookie() };
}

/** Whether a link was proof enough a moment ago to set a password anew. */
export function isFreshFromLink({ openedByLinkAt }: Session, now: Date): boolean {
  return openedByLinkAt !== null && now.getTime() - openedByLinkAt.getTime() < linkTrustMs;
}

/** A session for this person; the cookies that carry it. */
export async function openSession(
  auth: Auth,
  userId: string,
  from: { headers: Headers; address: string | null },
): Promise<string[]> {
  const { headers } = await auth.api.openSession({
    body: { userId },
    headers: libraryHeaders(from),
    returnHeaders: true,
  });
  return headers.getSetCookie();
}

/** The request's headers as the library reads them: cookies, browser, and the address that we know. */
export function libraryHeaders({ headers, address }: { headers: Headers; address: string | null }): Headers {
  const own = new Headers();
  for (const name of ['cookie', 'user-agent']) {
    const value = headers.get(name);
    if (value !== null) own.set(name, value);
  }
  if (address !== null) own.set(addressHeader, address);
  return own;
}

export async function getPerson(db: Db, userId: string): Promise<PersonView> {
  const { rows } = await sql<PersonView & { email: string }>`
    select u.id, u.name, u.email, coalesce(u."twoFactorEnabled", false) as "hasTwoFactor",
           exists (select 1 from auth.account a where a."userId" = u.id and a.password is not null) as "isSetUp"
      from auth."user" u where u.id = ${userId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('a session belongs to nobody');
  return { ...row, email: shownEmail(row.email) };
}
