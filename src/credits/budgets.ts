import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { budgetPeriodOf, dayScope, holdBalance, periodOf } from '#engine/balances.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { getFlowRow } from '#flows/queries.ts';
import type { budgetChoices } from './contract.ts';
import type { Account } from './limits.ts';

interface BudgetPlace {
  account: Account;
  /** Null: the whole project, by day. Otherwise that flow, by month. */
  flowId: string | null;
}

export interface Budget {
  credits: number;
  atLimit: (typeof budgetChoices)[number];
}

export interface BudgetView extends BudgetPlace, Budget {
  flowName: string | null;
  used: number;
  reserved: number;
}

/** What was used of each in its day or month of `now`; those of flows that are deleted are left out. */
export async function listBudgets(db: Db, projectId: string, now: Date): Promise<BudgetView[]> {
  const { rows } = await sql<BudgetView>`
    select b.account, f.id as "flowId", f.name as "flowName", b.amount::float8 as credits,
           b.at_limit as "atLimit", coalesce(u.used, 0)::float8 as used, coalesce(u.reserved, 0)::float8 as reserved
      from budget b
      left join flow f on f.project_id = b.project_id and f.id::text = b.scope
      left join budget_balance u on u.project_id = b.project_id and u.account = b.account and u.scope = b.scope
       and u.period = case when b.scope = ${dayScope} then ${budgetPeriodOf(dayScope, now)}
                           else ${periodOf(now)} end
     where b.project_id = ${projectId} and (b.scope = ${dayScope} or f.state <> 'deleted')
     order by f.name nulls first, b.account desc`.execute(db);
  return rows;
}

/**
 * Sets what a project may use a day, or a flow a month, or takes that away (`null`). Holds from the commit
 * on, for every process, and beside every other limit: the one that ends first counts. What was used of the
 * day or month before counts too. 404 for a flow of another project. Repeating it changes nothing.
 */
export async function setBudget(
  db: Db,
  projectId: string,
  { account, flowId }: BudgetPlace,
  budget: Budget | null,
  { now, actor }: { now: Date; actor: string },
): Promise<void> {
  const scope = flowId ?? dayScope;
  await transaction(db, async (tx) => {
    if (flowId !== null) await getFlowRow(tx, projectId, flowId);
    // Every message rests on this gate: none that was committed to without the budget is still under way.
    await signal(tx, projectId, [{ key: gateKeys.project }]);
    await holdBalance(tx, projectId, account, now);
    const before = await findBudget(tx, projectId, account, scope);
    if (budget === null) await removeBudget(tx, projectId, account, scope);
    else await putBudget(tx, projectId, { account, scope, budget, isNew: before === undefined, now });
    await sql`
      update credit_balance set is_budgeted = exists (
             select from budget where project_id = ${projectId} and account = ${account})
       where project_id = ${projectId} and account = ${account}`.execute(tx);
    const subject = flowId === null ? account : `flow:${flowId}`;
    const after = { account, budget };
    await writeAudit(tx, projectId, {
      actor,
      action: 'credits.budget_set',
      subject,
      before: { account, budget: before ?? null },
      after,
    });
  });
}

async function findBudget(tx: Tx, projectId: string, account: Account, scope: string) {
  const { rows } = await sql<Budget>`
    select amount::float8 as credits, at_limit as "atLimit" from budget
     where project_id = ${projectId} and account = ${account} and scope = ${scope}`.execute(tx);
  return rows[0];
}

async function removeBudget(tx: Tx, projectId: string, account: Account, scope: string): Promise<void> {
  for (const table of [sql`budget`, sql`budget_balance`])
    await sql`
      delete from ${table}
       where project_id = ${projectId} and account = ${account} and scope = ${scope}`.execute(tx);
}

interface Put {
  account: Account;
  scope: string;
  budget: Budget;
  isNew: boolean;
  now: Date;
}

async function putBudget(tx: Tx, projectId: string, { account, scope, budget, isNew, now }: Put) {
  await sql`
    insert into budget (project_id, account, scope, amount, at_limit)
    values (${projectId}, ${account}, ${scope}, ${budget.credits}, ${budget.atLimit})
    on conflict (project_id, account, scope) do update
      set amount = excluded.amount, at_limit = excluded.at_limit, told_period = null`.execute(tx);
  if (!isNew) return;
  const period = budgetPeriodOf(scope, now);
  await sql`
    insert into budget_balance (project_id, account, scope, period, used, reserved)
    select ${projectId}, ${account}, ${scope}, ${period}, used, reserved
      from (${usedBefore(projectId, account, scope, period)}) before`.execute(tx);
}

/** What the ledger and the open sends say of a scope in a period: what its balance has to be. */
export function usedBefore(projectId: string, account: string, scope: string, period: string) {
  const isDay = scope === dayScope;
  const format = isDay ? 'YYYY-MM-DD' : 'YYYY-MM';
  const inPeriod = (at: string) => sql`to_char(${sql.ref(at)} at time zone 'UTC', ${format}) = ${period}`;
  return sql<{ used: number; reserved: number }>`
    select (select coalesce(sum(e.amount), 0) from credit_entry e
             where e.project_id = ${projectId} and e.account = ${account} and e.period = ${period.slice(0, 7)}
               and (e.kind = 'charge' or ${isDay} and e.kind = 'answer') and ${inPeriod('e.at')}
               and (${isDay} or e.flow_id::text = ${scope})) as used,
           (select coalesce(sum(i.credits), 0) from intent i
             where i.project_id = ${projectId} and i.account = ${account} and i.state in ('open', 'unknown')
               and ${inPeriod('i.sent_at')}
               and (${isDay} or exists (
                     select from run r where r.project_id = i.project_id and r.id = i.run_id
                        and r.flow_id::text = ${scope}))) as reserved`;
}
