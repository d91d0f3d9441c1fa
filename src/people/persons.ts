import { sql } from 'kysely';
import { placeholderEmail } from '#accounts/person-email.ts';
import { sqlState, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** A person who can be known by nothing but a link, until she sets an e-mail address and a password. */
export async function createUnsetPerson(tx: Tx, name: string): Promise<string> {
  const id = newId();
  await sql`insert into auth."user" (id, name, email) values (${id}, ${name}, ${placeholderEmail(id)})`.execute(
    tx,
  );
  return id;
}

export interface PersonDetails {
  name: string;
  email: string;
  /** As the library hashes it. */
  passwordHash: string;
}

/** A person with a password. 422 if the address is another person's. */
export async function createPerson(tx: Tx, details: PersonDetails): Promise<string> {
  const id = await createUnsetPerson(tx, details.name);
  await setUpPerson(tx, id, details);
  return id;
}

/** Gives a person name, address and password. 422 if the address is another person's. */
export async function setUpPerson(tx: Tx, userId: string, details: PersonDetails): Promise<void> {
  await renamePerson(tx, userId, details);
  await setPassword(tx, userId, details.passwordHash);
}

/** 422 if the address is another person's. */
export async function renamePerson(
  tx: Tx,
  userId: string,
  { name, email }: { name: string; email: string },
): Promise<void> {
  try {
    await sql`update auth."user" set name = ${name}, email = ${email.toLowerCase()}, "updatedAt" = now()
               where id = ${userId}`.execute(tx);
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    const message = 'Somebody signs in with this e-mail address already.';
    throw new UserError(422, 'invalid', message, { errors: [{ path: 'email', code: 'taken', message }] });
  }
}

/** The first password, or a new one. Sessions stay: who changes it ends the others. */
export async function setPassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await sql`insert into auth.account (id, "accountId", "providerId", "userId", password)
            values (${newId()}, ${userId}, 'credential', ${userId}, ${passwordHash})
            on conflict ("userId", "providerId") do update
               set password = excluded.password, "updatedAt" = now()`.execute(tx);
}

export async function endSessions(tx: Tx, userId: string, keepId: string | null = null): Promise<void> {
  await sql`delete from auth.session where "userId" = ${userId}
               and (${keepId}::uuid is null or id <> ${keepId}::uuid)`.execute(tx);
}

export interface PersonView {
  id: string;
  name: string;
  email: string | null;
  /** Has a password, so that she can come back without a link. */
  isSetUp: boolean;
  hasTwoFactor: boolean;
}
