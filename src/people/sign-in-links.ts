import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { hashSecret, randomSecret } from '#accounts/secrets.ts';
import { createUnsetPerson } from './persons.ts';

const signInMinutes = 15;

/**
 * A link `/sign-in/{token}` that signs in once, within 15 minutes of wall time: one person, or, where
 * none is named, the account's first owner.
 */
export async function createSignIn(
  db: Db,
  input: { accountId: string; userId?: string; now: Date },
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomSecret();
  const expiresAt = new Date(input.now.getTime() + signInMinutes * 60_000);
  await db
    .insertInto('sign_in')
    .values({
      hash: hashSecret(token),
      account_id: input.accountId,
      user_id: input.userId ?? null,
      expires_at: expiresAt,
    })
    .execute();
  return { token, expiresAt };
}

/**
 * Spends the token and says who comes in; null: unknown, spent, too old, or its person left the account.
 * Of two at once one gets in. An account that has no owner yet gets one here, who sets the rest later.
 */
export async function spendSignIn(db: Db, token: string, now: Date): Promise<{ userId: string } | null> {
  return transaction(db, async (tx) => {
    const spent = await tx
      .updateTable('sign_in')
      .set({ used_at: now })
      .where('hash', '=', hashSecret(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning(['account_id', 'user_id'])
      .executeTakeFirst();
    if (spent === undefined) return null;
    const { account_id: accountId, user_id: userId } = spent;
    if (userId === null) return { userId: await firstOwner(tx, accountId) };
    const { rows } = await sql`
      select 1 from member where account_id = ${accountId} and user_id = ${userId}`.execute(tx);
    return rows.length === 0 ? null : { userId };
  });
}

async function firstOwner(tx: Tx, accountId: string): Promise<string> {
  // Two links of one account, opened at once, must not make two owners.
  await sql`select 1 from account where id = ${accountId} for update`.execute(tx);
  const { rows } = await sql<{ userId: string }>`
    select user_id as "userId" from member where account_id = ${accountId} and role = 'owner'
     order by created_at, user_id limit 1`.execute(tx);
  const [owner] = rows;
  if (owner !== undefined) return owner.userId;
  const userId = await createUnsetPerson(tx, 'Owner');
  await tx.insertInto('member').values({ account_id: accountId, user_id: userId, role: 'owner' }).execute();
  return userId;
}
