import { sql } from 'kysely';
import { planOf, plans } from '#accounts/plans.ts';
import type { Db } from '#db/database.ts';
import { planLimits, type PauseReason } from '#flows/contract.ts';
import { UserError } from '#lib/errors.ts';
import { findSurplus, listActiveFlows } from './surplus.ts';

export function showPlan(planId: string) {
  return { id: planId, ...planOf(planId) };
}

/** The plan's id of an account. */
export async function readPlanId(db: Db, accountId: string): Promise<string> {
  const row = await db.selectFrom('account').select('plan').where('id', '=', accountId).executeTakeFirst();
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such account.');
  return row.plan;
}

/** What a project uses of its plan, and what of it the plan's change paused, newest first. */
export async function readUse(db: Db, projectId: string) {
  const { rows } = await sql<{
    flowId: string;
    name: string;
    state: 'active' | 'paused';
    reason: PauseReason;
    steps: number;
  }>`
    select f.id as "flowId", f.name, f.state, f.pause_reason as reason, jsonb_array_length(v.steps) as steps
      from flow f
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
     where f.project_id = ${projectId}
       and (f.state = 'active' or f.state = 'paused' and f.pause_reason = any(${[...planLimits]}))
     order by f.id desc`.execute(db);
  const active = rows.filter(({ state }) => state === 'active');
  return {
    use: { active: active.length, longest: Math.max(0, ...active.map(({ steps }) => steps)) },
    paused: rows.flatMap(({ flowId, name, state, reason }) =>
      state === 'paused' ? [{ flowId, name, reason }] : [],
    ),
  };
}

/** Every plan with the flows that would be paused if it began now; only the change itself decides. */
export async function listChoices(db: Db, accountId: string) {
  const [current, active] = [await readPlanId(db, accountId), await listActiveFlows(db, accountId)];
  return Object.entries(plans).map(([id, plan]) => ({
    ...showPlan(id),
    isCurrent: id === current,
    wouldPause: id === current ? [] : findSurplus(active, plan),
  }));
}
