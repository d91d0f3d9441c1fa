import { steps, type StepId } from '#steps/index.ts';
import type { StepDefinition, StepReference } from '#steps/step.ts';
import { triggers } from '#triggers/index.ts';
import type { Reentry, TriggerDefinition, TriggerReference, TriggerScope } from '#triggers/trigger.ts';
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

/** What a step names; of one that is still being filled in, what is chosen already. */
export function stepReferences({ step, config }: Pick<FlowStep, 'step' | 'config'>): StepReference[] {
  return chosen(stepDefinition(step).references(config as never));
}

export function triggerReferences(trigger: FlowTrigger): TriggerReference[] {
  return chosen(triggerDefinition(trigger).references(trigger.config as never));
}

/** The Liquid sources of a step, those that are still to be written left out. */
export function templatesOf({
  step,
  config,
}: Pick<FlowStep, 'step' | 'config'>): { path: string; source: string }[] {
  const templates: { path: string; source: string | undefined }[] = stepDefinition(step).templates(
    config as never,
  );
  return templates.flatMap(({ path, source = '' }) => (source === '' ? [] : [{ path, source }]));
}

/** Everything of the project that a flow names, with full paths: `steps.0.config.releaseId`. */
export function referencesOf({
  trigger,
  steps: list,
}: Pick<FlowDefinition, 'trigger' | 'steps'>): Reference[] {
  const ofTrigger = triggerReferences(trigger).map((one) => ({
    ...one,
    path: `trigger.config.${one.path}`,
  }));
  const ofSteps = list.flatMap((step, index) =>
    stepReferences(step).map((one) => ({ ...one, path: `steps.${index}.config.${one.path}` })),
  );
  return [...ofTrigger, ...ofSteps];
}

/** A draft's config may lack an id or hold an empty one, which its type does not say. */
function chosen<One extends { id: string | undefined }>(references: readonly One[]): One[] {
  return references.flatMap((one) =>
    one.id === undefined || one.id === '' ? [] : [{ ...one, id: one.id.toLowerCase() }],
  );
}

export function scopesOf(trigger: FlowTrigger, projectId: string): TriggerScope[] {
  return triggerDefinition(trigger).scopes(trigger.config as never, projectId);
}
