import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { stepDefinition, type FlowDefinition } from '#flows/definition.ts';
import { budgetPeriodOf, dayScope } from '#engine/balances.ts';
import { pauseForReason } from '#flows/pause-flow.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { Budget } from './budgets.ts';
import type { Account, Limit } from './limits.ts';

interface Due extends Pick<Limit, 'atLimit'> {
  projectId: string;
  account: Account;
}

interface DueBudget extends Pick<Budget, 'atLimit'> {
  projectId: string;
  account: Account;
  scope: string;
}

/** By whom it is done. */
const actor = 'system';

/**
 * Says once a month that an allowance is used up, and once a day or month that a budget is (R83): in the log, and by the flows that it pauses where
 * the project chose that. That nothing more is sent does not wait for it: the balance refuses by itself.
 * Repeating it, or two at once, says it once.
 */
export async function watchLimits(db: Db, clock: DomainClock): Promise<void> {
  const { rows } = await sql<Due & { toldPeriod: string | null }>`
    select project_id as "projectId", account, at_limit as "atLimit", told_period as "toldPeriod"
      from credit_limit where allowance is not null`.execute(db);
  for (const { toldPeriod, ...due } of rows) {
    const now = clock.now(due.projectId);
    const period = now.toISOString().slice(0, 7);
    if (toldPeriod !== period) await transaction(db, (tx) => tell(tx, due, period, now));
  }
  await watchBudgets(db, clock);
}

async function watchBudgets(db: Db, clock: DomainClock): Promise<void> {
  const { rows } = await sql<DueBudget & { toldPeriod: string | null }>`
    select project_id as "projectId", account, scope, at_limit as "atLimit", told_period as "toldPeriod"
      from budget`.execute(db);
  for (const { toldPeriod, ...due } of rows) {
    const now = clock.now(due.projectId);
    if (toldPeriod !== budgetPeriodOf(due.scope, now))
      await transaction(db, (tx) => tellBudget(tx, due, now));
  }
}

async function tell(tx: Tx, { projectId, account, atLimit }: Due, period: string, now: Date): Promise<void> {
  // Used up, or so near that a message did not fit any more.
  const told = await sql`
    update credit_limit l set told_period = ${period}
      from credit_balance b
     where l.project_id = ${projectId} and l.account = ${account} and l.allowance is not null
       and l.told_period is distinct from ${period}
       and b.project_id = l.project_id and b.account = l.account and b.period = ${period}
       and (b.used + b.reserved >= l.allowance
            or b.used + b.reserved >= 0.9 * l.allowance and exists (
                 select from rollup r where r.project_id = l.project_id and r.reason = 'budget'
                    and r.day >= ${`${period}-01`}::date))`.execute(tx);
  if (told.numAffectedRows !== 1n) return;
  await writeAudit(tx, projectId, { actor, action: 'credits.limit_reached', subject: account });
  if (atLimit !== 'pause') return;
  await pauseAll(tx, projectId, await lockSendingFlows(tx, projectId, account), 'allowance', now);
}

async function tellBudget(
  tx: Tx,
  { projectId, account, scope, atLimit }: DueBudget,
  now: Date,
): Promise<void> {
  const period = budgetPeriodOf(scope, now);
  const told = await sql`
    update budget b set told_period = ${period}
      from budget_balance u
     where b.project_id = ${projectId} and b.account = ${account} and b.scope = ${scope}
       and b.told_period is distinct from ${period}
       and u.project_id = b.project_id and u.account = b.account and u.scope = b.scope and u.period = ${period}
       and (u.used + u.reserved >= b.amount
            or u.used + u.reserved >= 0.9 * b.amount and exists (
                 select from rollup r where r.project_id = b.project_id and r.reason = 'budget'
                    and r.day >= ${period.length === 7 ? `${period}-01` : period}::date
                    and (b.scope = ${dayScope} or r.flow_id::text = b.scope)))`.execute(tx);
  if (told.numAffectedRows !== 1n) return;
  const subject = scope === dayScope ? account : `flow:${scope}`;
  await writeAudit(tx, projectId, { actor, action: 'credits.budget_reached', subject, after: { account } });
  if (atLimit !== 'pause') return;
  const flows = await lockSendingFlows(tx, projectId, account);
  const concerned = flows.filter((id) => scope === dayScope || id === scope);
  await pauseAll(tx, projectId, concerned, 'budget', now);
}

async function pauseAll(
  tx: Tx,
  projectId: string,
  flows: readonly string[],
  reason: 'allowance' | 'budget',
  now: Date,
): Promise<void> {
  const pausing = flows.map((id) => ({ id, reason }));
  await pauseForReason(tx, projectId, pausing, { now, actor });
}

/** Active flows with a step that costs credits of this kind, as they run, held. */
async function lockSendingFlows(tx: Tx, projectId: string, account: Account): Promise<string[]> {
  const { rows } = await sql<{ id: string; steps: FlowDefinition['steps'] }>`
    select f.id, v.steps from flow f
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
     where f.project_id = ${projectId} and f.state = 'active' order by f.id for update of f`.execute(tx);
  return rows
    .filter(({ steps }) => steps.some(({ step }) => stepDefinition(step).uses === account))
    .map(({ id }) => id);
}
