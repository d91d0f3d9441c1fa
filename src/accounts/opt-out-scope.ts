import { transaction, type Db } from '#db/database.ts';
import type { Caller } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import type { OptOutScope } from './contract.ts';

export async function readOptOutScope(db: Db, accountId: string): Promise<OptOutScope> {
  const { opt_out_scope: scope } = await db
    .selectFrom('account')
    .select('opt_out_scope')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  // As: the table allows no other.
  return scope as OptOutScope;
}

/** How far a STOP reaches from the next one on (R118); those that were counted stay. Repeating it changes nothing. */
export async function setOptOutScope(db: Db, caller: Caller, scope: OptOutScope): Promise<void> {
  const { accountId, projectId, actor } = caller;
  await transaction(db, async (tx) => {
    const before = await readOptOutScope(tx, accountId);
    if (before === scope) return;
    await tx.updateTable('account').set({ opt_out_scope: scope }).where('id', '=', accountId).execute();
    await writeAudit(tx, projectId, {
      actor,
      action: 'account.opt_out_scope_set',
      subject: `account:${accountId}`,
      before: { scope: before },
      after: { scope },
    });
  });
}
