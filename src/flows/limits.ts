import { UserError } from '#lib/errors.ts';
import { stepDefinition, triggerDefinition, type FlowDefinition } from './definition.ts';
import type { FlowContext } from './problems/context.ts';

/** What the plan does not allow is refused when it is saved (R6, R7). */
export function refuseBeyondPlan(flow: FlowDefinition, { plan }: FlowContext): void {
  const { maxSteps } = plan;
  if (maxSteps !== null && flow.steps.length > maxSteps) {
    throw beyond(
      `The plan ${plan.label} allows ${maxSteps} ${maxSteps === 1 ? 'step' : 'steps'} in a flow.`,
      'R6',
    );
  }
  const feature = triggerDefinition(flow.trigger).planFeature;
  if (feature !== undefined && !plan[feature]) {
    throw beyond(`The plan ${plan.label} does not have this trigger.`, 'R7');
  }
  if (!plan.instagram && flow.steps.some(({ step }) => stepDefinition(step).group === 'social')) {
    throw beyond(`The plan ${plan.label} does not have Instagram steps.`, 'R7');
  }
}

/** `active`: how many others are active now, counted under the lock of all flows (R5). */
export function refuseTooManyActive(active: number, { plan }: FlowContext): void {
  if (plan.maxActive === null || active < plan.maxActive) return;
  throw beyond(
    `The plan ${plan.label} allows ${plan.maxActive} active ${plan.maxActive === 1 ? 'flow' : 'flows'}, and ${active} ${active === 1 ? 'is' : 'are'} active. Pause one first.`,
    'R5',
  );
}

function beyond(message: string, rule: string): UserError {
  return new UserError(409, 'plan_limit', message, { rule });
}
