import type { Field, Fields } from '#lib/field.ts';
import type { FlowStep, FlowTrigger } from '../contract.ts';
import {
  stepDefinition,
  stepReferences,
  triggerDefinition,
  triggerReferences,
  type FlowDefinition,
  type Reference,
} from '../definition.ts';
import type { FieldChange, FlowChange } from './contract.ts';
import { matchSteps, wholeKey } from './match-steps.ts';

type NameOf = (reference: Reference) => string;

/** What a reader would say changed: trigger and re-entry, then the steps in their new order, then what is gone. */
export function flowDifference(before: FlowDefinition, after: FlowDefinition, nameOf: NameOf): FlowChange[] {
  const pairs = matchSteps(before.steps, after.steps);
  const summaryOf = (step: FlowStep) => stepDefinition(step.step).summary(step.config as never, nameOf);
  const stepChanges = after.steps.flatMap((step, index): FlowChange[] => {
    const at = { position: index + 1, summary: summaryOf(step) };
    const pair = pairs.find((one) => one.after === index);
    const old = pair === undefined ? undefined : before.steps[pair.before];
    if (pair === undefined || old === undefined) return [{ kind: 'step_added', ...at }];
    const fields = stepFields(old, step, nameOf);
    return [
      ...(pair.isMoved ? [{ kind: 'step_moved' as const, ...at, from: pair.before + 1 }] : []),
      ...(fields.length === 0 ? [] : [{ kind: 'step_changed' as const, ...at, fields }]),
    ];
  });
  const removed = before.steps.flatMap((step, index): FlowChange[] =>
    pairs.some((pair) => pair.before === index)
      ? []
      : [{ kind: 'step_removed', position: index + 1, summary: summaryOf(step) }],
  );
  return [
    ...triggerChanges(before.trigger, after.trigger, nameOf),
    ...reentryChanges(before, after),
    ...stepChanges,
    ...removed,
  ];
}

function triggerChanges(before: FlowTrigger, after: FlowTrigger, nameOf: NameOf): FlowChange[] {
  const summaryOf = (trigger: FlowTrigger) =>
    triggerDefinition(trigger).summary(trigger.config as never, nameOf);
  const summary = summaryOf(after);
  if (before.trigger !== after.trigger) {
    return [{ kind: 'trigger_replaced', before: summaryOf(before), after: summary }];
  }
  const fields = configChanges(triggerDefinition(after).fields, before.config, after.config, {
    before: namesAt(triggerReferences(before), nameOf),
    after: namesAt(triggerReferences(after), nameOf),
  });
  return fields.length === 0 ? [] : [{ kind: 'trigger', summary, fields }];
}

function reentryChanges(
  { reentry: before }: FlowDefinition,
  { reentry: after }: FlowDefinition,
): FlowChange[] {
  if (wholeKey(before) === wholeKey(after)) return [];
  return [{ kind: 'reentry', before: reentryWords(before), after: reentryWords(after) }];
}

/** How often one fan may go through the flow. */
export function reentryWords({ policy, seconds }: FlowDefinition['reentry']): string {
  if (policy === 'once') return 'once for each fan';
  if (policy === 'always') return 'every time';
  return seconds === undefined ? 'again after a while' : `again after ${durationWords(seconds)}`;
}

/** `90` → `90 seconds`, `3600` → `1 hour`: the largest unit that says it exactly. */
export function durationWords(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const;
  const [size, word] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function stepFields(before: FlowStep, after: FlowStep, nameOf: NameOf): FieldChange[] {
  const { fields } = stepDefinition(after.step);
  const names = {
    before: namesAt(stepReferences(before), nameOf),
    after: namesAt(stepReferences(after), nameOf),
  };
  return [
    ...configChanges(fields, before.config, after.config, names),
    ...changed('If it cannot happen yet', unmetWords(before), unmetWords(after)),
    ...changed('If it fails', failureWords(before), failureWords(after)),
  ];
}

function unmetWords({ onUnmet, deadlineHours }: FlowStep): string {
  if (onUnmet === 'skip') return 'skip it';
  return deadlineHours === undefined ? 'wait' : `wait ${durationWords(deadlineHours * 3_600)}`;
}

function failureWords({ stopOnFailure }: FlowStep): string {
  return stopOnFailure ? 'stop the run' : 'go on';
}

type Names = Record<'before' | 'after', ReadonlyMap<string, string>>;

function configChanges(
  fields: Fields,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  names: Names,
): FieldChange[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (wholeKey(before[name]) === wholeKey(after[name])) return [];
    if (field.parts !== undefined) {
      const parts = configChanges(field.parts, objectOf(before[name]), objectOf(after[name]), names);
      return parts.map((part) => ({ ...part, label: `${field.label}: ${part.label}` }));
    }
    const words = (value: unknown, known: ReadonlyMap<string, string>) =>
      known.get(name) ?? valueWords(field, value);
    return changed(field.label, words(before[name], names.before), words(after[name], names.after));
  });
}

function changed(label: string, before: string, after: string): FieldChange[] {
  return before === after ? [] : [{ label, before, after }];
}

function valueWords({ choices }: Field, value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(String).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return choices?.[text] ?? text;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  // As: what is an object has nothing but fields.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function namesAt(references: readonly Reference[], nameOf: NameOf): ReadonlyMap<string, string> {
  return new Map(references.map((reference) => [reference.path, nameOf(reference)]));
}
