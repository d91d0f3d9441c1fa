import { steps, type StepId } from '#steps/index.ts';
import type { StepDefinition, StepReference } from '#steps/step.ts';
import { triggers } from '#triggers/index.ts';
import type { Reentry, TriggerDefinition, TriggerReference } from '#triggers/trigger.ts';
import type { FlowStep, FlowTrigger } from './contract.ts';

/** A flow as it is stored: what a version holds. */
export interface FlowDefinition {
  trigger: FlowTrigger;
  steps: FlowStep[];
  reentry: Reentry;
}

export type Reference = StepReference | TriggerReference;

/** As: a step's config was validated by this very definition when the flow was saved. */
export function stepDefinition(step: StepId): StepDefinition<never> {
  return steps[step] as StepDefinition<never>;
}

/** As: as above, for the trigger. */
export function triggerDefinition({ trigger }: FlowTrigger): TriggerDefinition<never> {
  return triggers[trigger] as TriggerDefinition<never>;
}

/** Everything of the project that a flow names, with full paths: `steps.0.config.releaseId`. */
export function referencesOf({
  trigger,
  steps: list,
}: Pick<FlowDefinition, 'trigger' | 'steps'>): Reference[] {
  const ofTrigger = triggerDefinition(trigger)
    .references(trigger.config as never)
    .map((one) => ({ ...one, path: `trigger.config.${one.path}` }));
  const ofSteps = list.flatMap(({ step, config }, index) =>
    stepDefinition(step)
      .references(config as never)
      .map((one) => ({ ...one, path: `steps.${index}.config.${one.path}` })),
  );
  return [...ofTrigger, ...ofSteps].map((one) => ({ ...one, id: one.id.toLowerCase() }));
}

export function scopesOf(trigger: FlowTrigger, projectId: string): { scope: string; words: string }[] {
  return triggerDefinition(trigger).scopes(trigger.config as never, projectId);
}
