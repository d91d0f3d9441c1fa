import { transaction, type Db } from '#db/database.ts';
import { hashSecret, randomSecret } from './secrets.ts';

export const sessionDays = 30;
const signInMinutes = 15;

/** A link `/sign-in/{token}` that signs in to an account, once, within 15 minutes of wall time. */
export async function createSignIn(
  db: Db,
  input: { accountId: string; now: Date },
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomSecret();
  const expiresAt = new Date(input.now.getTime() + signInMinutes * 60_000);
  await db
    .insertInto('sign_in')
    .values({ hash: hashSecret(token), account_id: input.accountId, expires_at: expiresAt })
    .execute();
  return { token, expiresAt };
}

/** Spends the token and opens a session; null: unknown, spent or too old. Of two at once one gets in. */
export async function openSession(
  db: Db,
  token: string,
  now: Date,
): Promise<{ session: string; expiresAt: Date } | null> {
  return transaction(db, async (tx) => {
    const spent = await tx
      .updateTable('sign_in')
      .set({ used_at: now })
      .where('hash', '=', hashSecret(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('account_id')
      .executeTakeFirst();
    if (spent === undefined) return null;
    const session = randomSecret();
    const expiresAt = new Date(now.getTime() + sessionDays * 24 * 60 * 60_000);
    await tx
      .insertInto('session')
      .values({ hash: hashSecret(session), account_id: spent.account_id, expires_at: expiresAt })
      .execute();
    return { session, expiresAt };
  });
}

export async function closeSession(db: Db, session: string): Promise<void> {
  await db.deleteFrom('session').where('hash', '=', hashSecret(session)).execute();
}
