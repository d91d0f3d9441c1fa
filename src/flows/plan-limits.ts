import type { Plan } from '#accounts/plans.ts';
import { UserError } from '#lib/errors.ts';
import type { PlanLimit } from './contract.ts';
import { stepDefinition, triggerDefinition, type FlowDefinition } from './definition.ts';

export interface OverPlan {
  limit: PlanLimit;
  rule: 'R5' | 'R6' | 'R7';
  /** Where in the flow. */
  path: string;
  message: string;
}

/** The first thing in a flow that the plan does not have; null: it has everything (R6, R7). */
export function overPlan(flow: Pick<FlowDefinition, 'trigger' | 'steps'>, plan: Plan): OverPlan | null {
  const { label, maxSteps } = plan;
  if (maxSteps !== null && flow.steps.length > maxSteps) {
    const message = `The plan ${label} allows ${count(maxSteps, 'step')} in a flow.`;
    return { limit: 'plan_steps', rule: 'R6', path: `steps.${maxSteps}`, message };
  }
  const feature = triggerDefinition(flow.trigger).planFeature;
  if (feature !== undefined && !plan[feature]) {
    const limit = feature === 'instagram' ? 'plan_instagram' : 'plan_new_release';
    return { limit, rule: 'R7', path: 'trigger', message: `The plan ${label} does not have this trigger.` };
  }
  const at = flow.steps.findIndex(({ step }) => stepDefinition(step).group === 'social');
  if (at === -1 || plan.instagram) return null;
  const message = `The plan ${label} does not have Instagram steps.`;
  return { limit: 'plan_instagram', rule: 'R7', path: `steps.${at}`, message };
}

/** What the plan does not allow is refused when it is saved (R6, R7), and when it would start. */
export function refuseBeyondPlan(flow: FlowDefinition, { plan }: { plan: Plan }): void {
  const over = overPlan(flow, plan);
  if (over !== null) throw beyond(over.message, over.rule);
}

/** `active`: how many others are active now, counted under the lock of all flows (R5). */
export function refuseTooManyActive(active: number, { plan }: { plan: Plan }): void {
  if (plan.maxActive === null || active < plan.maxActive) return;
  throw beyond(
    `The plan ${plan.label} allows ${count(plan.maxActive, 'active flow')}, and ${active} ${active === 1 ? 'is' : 'are'} active. Pause one first.`,
    'R5',
  );
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function beyond(message: string, rule: string): UserError {
  return new UserError(409, 'plan_limit', message, { rule });
}
