import { sql } from 'kysely';
import type { Plan } from '#accounts/plans.ts';
import type { Db, Tx } from '#db/database.ts';
import type { PauseReason } from '#flows/contract.ts';
import type { FlowDefinition } from '#flows/definition.ts';
import { overPlan } from '#flows/plan-limits.ts';

/** An active flow as it runs, which need not be its newest version. */
export interface ActiveFlow extends Pick<FlowDefinition, 'trigger' | 'steps'> {
  projectId: string;
  projectName: string;
  flowId: string;
  name: string;
}

export type Surplus = Omit<ActiveFlow, 'trigger' | 'steps'> & { reason: PauseReason };

/** Active flows of all projects of an account, the oldest first. */
export async function listActiveFlows(db: Db, accountId: string): Promise<ActiveFlow[]> {
  const { rows } = await sql<ActiveFlow>`
    select p.id as "projectId", p.name as "projectName", f.id as "flowId", f.name, v.trigger, v.steps
      from project p
      join flow f on f.project_id = p.id and f.state = 'active'
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
     where p.account_id = ${accountId} order by p.id, f.id`.execute(db);
  return rows;
}

/** Holds every flow of the account, in the order in which activations hold those of one project. */
export async function lockFlowsOf(tx: Tx, accountId: string): Promise<void> {
  await sql`
    select 1 from flow f join project p on p.id = f.project_id
     where p.account_id = ${accountId} and f.state <> 'deleted'
     order by f.project_id, f.id for update of f`.execute(tx);
}

/**
 * What a plan leaves no room for: flows with something that it does not have, and of the others the
 * newest beyond its number in each project (A7). `flows`: oldest first.
 */
export function findSurplus(flows: readonly ActiveFlow[], plan: Plan): Surplus[] {
  const stays = new Map<string, number>();
  return flows.flatMap(({ trigger, steps, ...flow }): Surplus[] => {
    const over = overPlan({ trigger, steps }, plan);
    if (over !== null) return [{ ...flow, reason: over.limit }];
    const before = stays.get(flow.projectId) ?? 0;
    if (plan.maxActive !== null && before >= plan.maxActive) return [{ ...flow, reason: 'plan_active' }];
    stays.set(flow.projectId, before + 1);
    return [];
  });
}
