import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Caller } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import { requireOwner } from './members.ts';
import type { Role } from './roles.ts';
import { hashSecret, randomSecret } from './secrets.ts';

const goodForMs = 7 * 24 * 60 * 60_000;

export interface Invitation {
  id: string;
  role: Role;
  note: string;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** An invitation and the token of its link, of which only a hash is kept. */
export async function createInvitation(
  db: Db,
  caller: Caller,
  { role, note }: { role: Role; note: string },
  now: Date,
): Promise<Invitation & { token: string }> {
  if (role === 'owner') requireOwner(caller);
  const id = newId();
  const token = randomSecret();
  return transaction(db, async (tx) => {
    await tx
      .insertInto('invitation')
      .values({
        id,
        account_id: caller.accountId,
        role,
        note,
        hash: hashSecret(token),
        invited_by: caller.id,
        created_at: now,
        expires_at: new Date(now.getTime() + goodForMs),
      })
      .execute();
    await writeAudit(tx, caller.accountId, {
      actor: caller.actor,
      action: 'member.invited',
      subject: `invitation:${id}`,
      after: { role, note },
    });
    const made = (await listInvitations(tx, caller.accountId, now)).find((one) => one.id === id);
    if (made === undefined) throw new Error('an invitation vanished');
    return { ...made, token };
  });
}

/** Those that can still be accepted, newest first. */
export async function listInvitations(db: Db, accountId: string, now: Date): Promise<Invitation[]> {
  const { rows } = await sql<Invitation>`
    select i.id, i.role, i.note, u.name as "invitedBy", i.created_at as "createdAt", i.expires_at as "expiresAt"
      from invitation i left join auth."user" u on u.id = i.invited_by
     where i.account_id = ${accountId} and i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now}
     order by i.id desc`.execute(db);
  return rows;
}

/** 404 for what is not open in this account. */
export async function revokeInvitation(db: Db, caller: Caller, id: string, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    const row = await tx
      .updateTable('invitation')
      .set({ revoked_at: now })
      .where('account_id', '=', caller.accountId)
      .where('id', '=', id)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .returning(['role', 'note'])
      .executeTakeFirst();
    if (row === undefined) throw new UserError(404, 'not_found', 'There is no such invitation.');
    const entry = { actor: caller.actor, action: 'member.invitation_withdrawn', subject: `invitation:${id}` };
    await writeAudit(tx, caller.accountId, { ...entry, before: row });
  });
}

interface OpenInvitation {
  id: string;
  accountId: string;
  accountName: string;
  role: Role;
  invitedBy: string | null;
  expiresAt: Date;
}

/** The open invitation behind a link; 404 when there is none (any more). */
export async function findInvitation(db: Db, token: string, now: Date): Promise<OpenInvitation> {
  const { rows } = await sql<OpenInvitation>`
    select i.id, i.account_id as "accountId", a.name as "accountName", i.role, u.name as "invitedBy",
           i.expires_at as "expiresAt"
      from invitation i join account a on a.id = i.account_id left join auth."user" u on u.id = i.invited_by
     where i.hash = ${hashSecret(token)} and i.accepted_at is null and i.revoked_at is null
       and i.expires_at > ${now}`.execute(db);
  const [row] = rows;
  if (row !== undefined) return row;
  throw new UserError(
    404,
    'not_found',
    'This invitation was used, withdrawn, or is older than 7 days. Ask for another one.',
  );
}

/**
 * Makes a person a member by an invitation, which is spent with it: of two at once one gets in. Who
 * belongs to the account already keeps her role.
 */
export async function joinByInvitation(tx: Tx, token: string, userId: string, now: Date): Promise<void> {
  const { id, accountId, role } = await findInvitation(tx, token, now);
  const spent = await tx
    .updateTable('invitation')
    .set({ accepted_at: now })
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst();
  if (spent.numUpdatedRows === 0n)
    throw new UserError(404, 'not_found', 'This invitation was used a moment ago.');
  await tx
    .insertInto('member')
    .values({ account_id: accountId, user_id: userId, role })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await writeAudit(tx, accountId, {
    actor: `person:${userId}`,
    action: 'member.joined',
    subject: `person:${userId}`,
    after: { role, invitation: id },
  });
}
