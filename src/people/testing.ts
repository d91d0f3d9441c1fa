import { transaction, type Db } from '#db/database.ts';
import type { Role } from '#accounts/roles.ts';
import type { Auth } from './better-auth.ts';
import { createPerson } from './persons.ts';
import { openSession } from './sessions.ts';

let made = 0;
/** Hashing is slow on purpose: all people of the tests share one password and its hash. */
let hash: Promise<string> | null = null;
export const testPassword = 'nine lives and one';

/** A person with a password and a role in an account, and the cookie of her session. */
export async function addPerson(
  { db, auth }: { db: Db; auth: Auth },
  { accountId, role }: { accountId: string; role: Role },
) {
  hash ??= auth.$context.then(({ password }) => password.hash(testPassword));
  const passwordHash = await hash;
  const email = `person${++made}@example.com`;
  const userId = await transaction(db, async (tx) => {
    const id = await createPerson(tx, { name: `Person ${made}`, email, passwordHash });
    await tx.insertInto('member').values({ account_id: accountId, user_id: id, role }).execute();
    return id;
  });
  const cookies = await openSession(auth, userId, { headers: new Headers(), address: null });
  return { userId, email, cookie: cookieHeader(cookies) };
}

/** What a browser sends back of what it was given; what was taken away is left out. */
export function cookieHeader(cookies: readonly string[]): string {
  const kept = cookies.filter((cookie) => !/max-age=0/i.test(cookie));
  return kept.map((cookie) => cookie.split(';')[0]).join('; ');
}
