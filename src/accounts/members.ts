import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import type { Role } from './roles.ts';

export interface Member {
  id: string;
  name: string;
  /** As the library keeps it; `people` knows what a placeholder is. */
  email: string;
  role: Role;
  joinedAt: Date;
}

/** Who works in an account, who came first first. */
export async function listMembers(db: Db, accountId: string): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select u.id, u.name, u.email, m.role, m.created_at as "joinedAt"
      from member m join auth."user" u on u.id = m.user_id
     where m.account_id = ${accountId} order by m.created_at, u.id`.execute(db);
  return rows;
}

/** 403 for making or unmaking an owner without being one; 422 for unmaking the last. */
export async function changeRole(db: Db, caller: Caller, userId: string, role: Role): Promise<Member> {
  return transaction(db, async (tx) => {
    const member = await holdMember(tx, caller, userId);
    if (member.role === role) return member;
    if (role === 'owner') requireOwner(caller);
    if (member.role === 'owner') await requireOtherOwner(tx, caller, userId);
    await tx
      .updateTable('member')
      .set({ role })
      .where('account_id', '=', caller.accountId)
      .where('user_id', '=', userId)
      .execute();
    await writeAudit(tx, caller.accountId, {
      actor: caller.actor,
      action: 'member.role_changed',
      subject: `person:${userId}`,
      before: { role: member.role },
      after: { role },
    });
    return { ...member, role };
  });
}

/** Takes a person out; her sessions find no project from the next request on. */
export async function removeMember(db: Db, caller: Caller, userId: string): Promise<void> {
  await transaction(db, async (tx) => {
    const member = await holdMember(tx, caller, userId);
    if (member.role === 'owner') await requireOtherOwner(tx, caller, userId);
    await tx
      .deleteFrom('member')
      .where('account_id', '=', caller.accountId)
      .where('user_id', '=', userId)
      .execute();
    await writeAudit(tx, caller.accountId, {
      actor: caller.actor,
      action: 'member.removed',
      subject: `person:${userId}`,
      before: { name: member.name, role: member.role },
    });
  });
}

/** The member, of whom nobody else decides at the same time. 404 for one of another account; 403 for an owner. */
export async function holdMember(tx: Tx, caller: Caller, userId: string): Promise<Member> {
  // Two owners who unmake each other at once must not both succeed.
  await sql`select 1 from account where id = ${caller.accountId} for update`.execute(tx);
  const member = (await listMembers(tx, caller.accountId)).find(({ id }) => id === userId);
  if (member === undefined) throw new UserError(404, 'not_found', 'There is no such person in this account.');
  if (member.role === 'owner') requireOwner(caller);
  return member;
}

export function requireOwner(caller: Caller): void {
  if (caller.permissions.has('owners')) return;
  throw new UserError(403, 'forbidden', 'Only an owner decides about owners.', { rule: 'R89' });
}

async function requireOtherOwner(tx: Tx, { accountId }: Caller, userId: string): Promise<void> {
  const owners = (await listMembers(tx, accountId)).filter(({ role }) => role === 'owner');
  if (owners.some(({ id }) => id !== userId)) return;
  const message = 'An account needs an owner: make somebody else one first.';
  throw new UserError(422, 'invalid', message, { errors: [{ path: 'role', code: 'last_owner', message }] });
}
