import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { planOf, plans } from '#accounts/plans.ts';
import { transaction, type Db } from '#db/database.ts';
import { pauseForReason } from '#flows/pause-flow.ts';
import type { DomainClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import { findSurplus, listActiveFlows, lockFlowsOf, type Surplus } from './surplus.ts';

export interface PlanDeps {
  db: Db;
  clock: DomainClock;
}

/**
 * Gives an account another plan and pauses what it leaves no room for, the newest flows first, in one
 * commit; nothing is deleted (A7). An activation under way comes before and is counted, or after and is
 * refused. The same plan again changes nothing. 422 for a plan that there is not.
 */
export async function changePlan(
  { db, clock }: PlanDeps,
  accountId: string,
  planId: string,
  actor: string,
): Promise<{ paused: Surplus[] }> {
  if (!Object.hasOwn(plans, planId)) throw unknownPlan(planId);
  return transaction(db, async (tx) => {
    const { rows } = await sql<{ plan: string }>`
      select plan from account where id = ${accountId} for no key update`.execute(tx);
    const before = rows[0]?.plan;
    if (before === undefined) throw new UserError(404, 'not_found', 'There is no such account.');
    if (before === planId) return { paused: [] };
    await tx.updateTable('account').set({ plan: planId }).where('id', '=', accountId).execute();
    await lockFlowsOf(tx, accountId);
    const paused = findSurplus(await listActiveFlows(tx, accountId), planOf(planId));
    await writeAudit(tx, accountId, {
      actor,
      action: 'plan.changed',
      subject: `account:${accountId}`,
      before: { plan: before },
      after: { plan: planId, paused: paused.map(({ name }) => name) },
    });
    for (const [projectId, flows] of Map.groupBy(paused, (one) => one.projectId)) {
      const surplus = flows.map(({ flowId, reason }) => ({ id: flowId, reason }));
      await pauseForReason(tx, projectId, surplus, { now: clock.now(projectId), actor });
    }
    return { paused };
  });
}

function unknownPlan(planId: string): UserError {
  const message = `There is no plan “${planId}”. There are: ${Object.keys(plans).join(', ')}.`;
  return new UserError(422, 'invalid', message, { errors: [{ path: 'plan', code: 'not_found', message }] });
}
