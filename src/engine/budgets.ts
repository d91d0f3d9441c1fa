import { sql } from 'kysely';
import { sendOnly, type Tx } from '#db/database.ts';
import { asJson } from './as-json.ts';
import { budgetPeriodOf, dayScope } from './balances.ts';
import { must } from './must.ts';

/** A message that uses credits, and what decides which budgets it draws on. */
export interface Draw {
  account: string;
  flowId: string | null;
  /** Domain time. */
  now: Date;
}

export interface BudgetKey {
  account: string;
  scope: string;
  period: string;
}

/** The budgets that a message would draw on, if they were set. Days and months are UTC. */
export function budgetKeysOf({ account, flowId, now }: Draw): BudgetKey[] {
  const scopes = flowId === null ? [dayScope] : [dayScope, flowId];
  return scopes.map((scope) => ({ account, scope, period: budgetPeriodOf(scope, now) }));
}

const nameOf = ({ account, scope, period }: BudgetKey) => `${account} ${scope} ${period}`;

/** What is left of the budgets of some messages, and what they take of them. */
export interface Budgets {
  /** Whether the message fits in every budget that it draws on; then it is taken from them. */
  take(draw: Draw, amount: number): boolean;
  /** R85: counted, and never refused. */
  count(draw: Draw, amount: number): void;
  /** Writes what was taken. */
  write(): Promise<void>;
}

/**
 * Locks the balances of the budgets that are set among those of the messages, so that no two transactions
 * see the same room; the account's balance of the month must be locked before.
 */
export async function lockBudgets(tx: Tx, projectId: string, draws: readonly Draw[]): Promise<Budgets> {
  const keys = new Map(draws.flatMap(budgetKeysOf).map((key) => [nameOf(key), key]));
  const wanted = asJson([...keys.values()]);
  await sql`
    insert into budget_balance (project_id, account, scope, period)
    select b.project_id, b.account, b.scope, k.period
      from json_to_recordset(${wanted}::json) as k(account text, scope text, period text)
      join budget b on b.project_id = ${projectId} and b.account = k.account and b.scope = k.scope
     order by 2, 3, 4 on conflict do nothing`.execute(tx);
  const { rows } = await sql<BudgetKey & { left: number }>`
    select u.account, u.scope, u.period, (b.amount - u.used - u.reserved)::float8 as left
      from json_to_recordset(${wanted}::json) as k(account text, scope text, period text)
      join budget_balance u on u.project_id = ${projectId} and u.account = k.account and u.scope = k.scope
       and u.period = k.period
      join budget b on b.project_id = u.project_id and b.account = u.account and b.scope = u.scope
     order by 1, 2, 3 for update of u`.execute(tx);
  const left = new Map(rows.map((row) => [nameOf(row), row.left]));
  const taken = new Map<string, { used: number; reserved: number }>();
  const add = (draw: Draw, sums: { used: number; reserved: number }) => {
    for (const name of budgetKeysOf(draw).map(nameOf)) {
      const room = left.get(name);
      if (room === undefined) continue;
      const before = taken.get(name) ?? { used: 0, reserved: 0 };
      left.set(name, room - sums.used - sums.reserved);
      taken.set(name, { used: before.used + sums.used, reserved: before.reserved + sums.reserved });
    }
  };
  return {
    take(draw, amount) {
      if (budgetKeysOf(draw).some((key) => amount > (left.get(nameOf(key)) ?? Infinity))) return false;
      add(draw, { used: 0, reserved: amount });
      return true;
    },
    count(draw, amount) {
      // A flow's budget is for what it sends of its own accord.
      add({ ...draw, flowId: null }, { used: amount, reserved: 0 });
    },
    write: () =>
      addToBudgets(
        tx,
        projectId,
        [...taken].map(([name, sums]) => ({ ...must(keys.get(name)), ...sums })),
      ),
  };
}

type Sums = BudgetKey & { used: number; reserved: number };

/**
 * Moves what ended messages had reserved of their budgets. Of a budget that was set meanwhile the balance
 * counts them as reserved already; one that is not set has no balance, and nothing is written.
 */
export async function settleBudgets(
  tx: Tx,
  projectId: string,
  ends: readonly (Draw & { amount: number; isCharged: boolean })[],
): Promise<void> {
  const sums = new Map<string, Sums>();
  for (const { amount, isCharged, ...draw } of ends) {
    for (const key of budgetKeysOf(draw)) {
      const sum = sums.get(nameOf(key)) ?? { ...key, used: 0, reserved: 0 };
      sums.set(nameOf(key), {
        ...sum,
        used: sum.used + (isCharged ? amount : 0),
        reserved: sum.reserved - amount,
      });
    }
  }
  await addToBudgets(tx, projectId, [...sums.values()]);
}

async function addToBudgets(tx: Tx, projectId: string, sums: readonly Sums[]): Promise<void> {
  if (sums.length === 0) return;
  const adding = sql`
    with sums as (
      select * from json_to_recordset(${asJson(sums)}::json)
             as s(account text, scope text, period text, used bigint, reserved bigint)),
    -- Locked in one order by everybody.
    mine as (
      select u.account, u.scope, u.period
        from sums s join budget_balance u on u.project_id = ${projectId} and u.account = s.account
         and u.scope = s.scope and u.period = s.period
       order by 1, 2, 3 for update of u)
    update budget_balance u set used = u.used + s.used, reserved = u.reserved + s.reserved
      from mine m join sums s using (account, scope, period)
     where u.project_id = ${projectId} and u.account = m.account and u.scope = m.scope and u.period = m.period`;
  await sendOnly(tx, adding.execute(tx));
}
