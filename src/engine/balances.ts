import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { must } from './must.ts';

/** The calendar month of domain time, UTC: the period that allowances are counted in. */
export function periodOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

/** The whole project, by day; any other scope is the id of a flow, by month. */
export const dayScope = 'day';

/** The day, or the month, that a scope is counted in. */
export function budgetPeriodOf(scope: string, now: Date): string {
  return now.toISOString().slice(0, scope === dayScope ? 10 : 7);
}

interface Limit {
  /** Null: without a limit. */
  allowance: number | null;
  isBudgeted: boolean;
}

/** By period and account. */
export type Limits = ReadonlyMap<string, Limit>;

/** What limits the balances that these requests concern; may be asked before it is known which count. */
export async function readLimits(
  tx: Tx,
  projectId: string,
  requests: readonly { account: string; now: Date }[],
): Promise<Limits> {
  const asked = requests.map(({ account, now }) => ({ account, period: periodOf(now) }));
  const found = new Map<string, Limit>();
  for (const [first] of inOrder(asked)) {
    const { account, period } = must(first);
    found.set(`${period} ${account}`, await limitOf(tx, projectId, account, period));
  }
  return found;
}

/** Makes the balance of the month of `now` if it is not there, and locks it: nothing settles beside the caller. */
export async function holdBalance(tx: Tx, projectId: string, account: string, now: Date): Promise<void> {
  await limitOf(tx, projectId, account, periodOf(now));
  await lockBalance(tx, projectId, account, periodOf(now));
}

/** Makes the period's balance with the limits of the one before, if it is the first to ask. */
async function limitOf(tx: Tx, projectId: string, account: string, period: string): Promise<Limit> {
  const select = () =>
    sql<Limit>`
    select allowance, is_budgeted as "isBudgeted" from credit_balance
     where project_id = ${projectId} and account = ${account} and period = ${period}`.execute(tx);
  let { rows } = await select();
  if (rows.length === 0) {
    await sql`
      insert into credit_balance (project_id, account, period, allowance, is_budgeted)
      select ${projectId}, ${account}, ${period}, before.allowance, coalesce(before.is_budgeted, false)
        from (select) one
        left join lateral (
          select allowance, is_budgeted from credit_balance
           where project_id = ${projectId} and account = ${account} order by period desc limit 1) before on true
      on conflict do nothing`.execute(tx);
    ({ rows } = await select());
  }
  return must(rows[0]);
}

export interface Period {
  account: string;
  period: string;
}

/** Groups of one balance each, in the order in which every transaction locks them. */
export function inOrder<R extends Period>(rows: readonly R[]): R[][] {
  const groups = Map.groupBy(rows, ({ account, period }) => `${period} ${account}`);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** What is left of an allowance; locked until the transaction ends. */
export async function lockBalance(
  tx: Tx,
  projectId: string,
  account: string,
  period: string,
): Promise<number> {
  const { rows } = await sql<{ used: number; reserved: number; allowance: number | null }>`
    select used, reserved, allowance from credit_balance
     where project_id = ${projectId} and account = ${account} and period = ${period} for update`.execute(tx);
  const row = must(rows[0]);
  return row.allowance === null ? Infinity : row.allowance - row.used - row.reserved;
}
