import { UserError } from '#lib/errors.ts';
import { route, type Route } from '#lib/route.ts';
import { changePlan, type PlanDeps } from './change-plan.ts';
import * as contract from './contract.ts';
import { listChoices, readPlanId, readUse, showPlan } from './read-plan.ts';

export interface PlanRouteDeps extends PlanDeps {
  /** False: plans are sold by who runs this Segue, and only the command changes them. */
  doOwnersChangePlan?: boolean;
}

export function planRoutes(deps: PlanRouteDeps): Route[] {
  const { db, doOwnersChangePlan = true } = deps;
  return [
    route(contract.getPlan, async ({ caller, projectId }) => ({
      plan: showPlan(await readPlanId(db, caller.accountId)),
      decidedBy: doOwnersChangePlan ? ('owner' as const) : ('operator' as const),
      ...(await readUse(db, projectId)),
    })),
    route(contract.listPlanChoices, async ({ caller }) => ({
      items: await listChoices(db, caller.accountId),
    })),
    route(contract.changePlan, async ({ caller, body }) => {
      if (!doOwnersChangePlan) {
        throw new UserError(403, 'forbidden', 'Who runs this Segue decides about plans.');
      }
      const { paused } = await changePlan(deps, caller.accountId, body.plan, caller.actor);
      return { plan: showPlan(body.plan), paused };
    }),
  ];
}
