import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { limitChoices } from './contract.ts';

export type Account = 'sms' | 'email';

export interface Limit {
  /** Credits a month; null: without limit. */
  allowance: number | null;
  atLimit: (typeof limitChoices)[number];
  /** Beyond the allowance, where it goes on; null: any number. */
  overage: number | null;
}

export const noLimit: Limit = { allowance: null, atLimit: 'stop', overage: null };

/** R83: what the engine holds to, in the commit of each message. */
export function ceilingOf({ allowance, atLimit, overage }: Limit): number | null {
  if (allowance === null || atLimit !== 'go_on') return allowance;
  return overage === null ? null : allowance + overage;
}

export async function readLimits(db: Db, projectId: string): Promise<Map<string, Limit>> {
  const { rows } = await sql<Limit & { account: string }>`
    select account, allowance, at_limit as "atLimit", overage
      from credit_limit where project_id = ${projectId}`.execute(db);
  return new Map(rows.map(({ account, ...limit }) => [account, limit]));
}

/**
 * Sets what messages of a kind may use a month (R83). Holds from the commit on, for every process: the
 * balance that messages reserve from is changed in it. What is used already stays used, so that a limit
 * below it stops at once. Repeating it changes nothing.
 */
export async function setLimit(
  db: Db,
  projectId: string,
  account: Account,
  limit: Limit,
  { now, actor }: { now: Date; actor: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    const before = (await lockLimit(tx, projectId, account)) ?? noLimit;
    await sql`
      update credit_limit
         set allowance = ${limit.allowance}, at_limit = ${limit.atLimit}, overage = ${limit.overage}, told_period = null
       where project_id = ${projectId} and account = ${account}`.execute(tx);
    await sql`
      insert into credit_balance (project_id, account, period, allowance)
      values (${projectId}, ${account}, ${now.toISOString().slice(0, 7)}, ${ceilingOf(limit)})
      on conflict (project_id, account, period) do update set allowance = excluded.allowance`.execute(tx);
    await writeAudit(tx, projectId, {
      actor,
      action: 'credits.limit_set',
      subject: account,
      before,
      after: limit,
    });
  });
}

/** The row, made where there is none, and held: two who set it at once come one after the other. */
async function lockLimit(tx: Tx, projectId: string, account: Account): Promise<Limit | undefined> {
  await sql`
    insert into credit_limit (project_id, account, at_limit) values (${projectId}, ${account}, 'stop')
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<Limit>`
    select allowance, at_limit as "atLimit", overage from credit_limit
     where project_id = ${projectId} and account = ${account} for update`.execute(tx);
  return rows[0];
}
