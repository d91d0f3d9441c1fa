import type { FlowStep, FlowTrigger, FlowView } from '#flows/contract.ts';
import type { FlowDefinition } from '#flows/definition.ts';

/** A flow as somebody draws it; `key` tells two equal steps apart while they are moved about. */
export interface Draft {
  name: string;
  trigger: FlowTrigger;
  steps: DraftStep[];
  reentry: FlowDefinition['reentry'];
}

export interface DraftStep extends FlowStep {
  key: string;
}

export function draftOf(flow: Pick<FlowView, 'name' | 'trigger' | 'steps' | 'reentry'>): Draft {
  const { name, trigger, steps, reentry } = flow;
  return {
    name,
    // As: the API gives back what its own schema took.
    trigger: trigger as FlowTrigger,
    steps: (steps as FlowStep[]).map(keyed),
    reentry,
  };
}

export function keyed(step: FlowStep): DraftStep {
  return { ...step, key: crypto.randomUUID() };
}

/** What is sent: without what only the screen needs. Empty text is a field still to be filled in. */
export function requestOf({ name, trigger, steps, reentry }: Draft): FlowDefinition & { name: string } {
  return {
    name,
    trigger: { ...trigger, config: tidy(trigger.config) },
    steps: steps.map(({ step, config, onUnmet, deadlineHours, stopOnFailure }) => ({
      step,
      onUnmet,
      stopOnFailure,
      config: tidy(config),
      ...(deadlineHours === undefined ? {} : { deadlineHours }),
    })),
    reentry,
  };
}

function tidy(config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' && value.trim() === '' ? '' : value]),
  );
}

/** Whether two drafts would be saved as the same. */
export function isSame(a: Draft, b: Draft): boolean {
  return JSON.stringify(requestOf(a)) === JSON.stringify(requestOf(b));
}

export function moveStep(draft: Draft, from: number, to: number): Draft {
  const moved = draft.steps[from];
  if (moved === undefined || to < 0 || to >= draft.steps.length) return draft;
  return { ...draft, steps: draft.steps.toSpliced(from, 1).toSpliced(to, 0, moved) };
}

export function changeStep(draft: Draft, index: number, change: Partial<FlowStep>): Draft {
  return {
    ...draft,
    steps: draft.steps.map((step, at) => (at === index ? { ...step, ...change } : step)),
  };
}

/** Problems at a field or anywhere below it: `steps.0.config.body`. */
export function problemsAt<One extends { path: string }>(problems: readonly One[], path: string): One[] {
  return problems.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
}
