import type { Expectation, StepFacts } from '#steps/expectations.ts';
import { stepDefinition } from '#flows/definition.ts';
import type { FlowStep } from '#flows/contract.ts';
import { expectations } from '../../catalogue/expectations.ts';
import { dateOf, timeOfDay } from '../../ui/time.ts';

export interface Said {
  key: string;
  outcome: Expectation['outcome'];
  sentence: string;
}

/** What will become of a step, for whom, in words; the first says it of most fans. */
export function expectationsOf(step: FlowStep, facts: StepFacts): Said[] {
  const policy = { onUnmet: step.onUnmet, deadlineHours: step.deadlineHours ?? null };
  const rows = stepDefinition(step.step).expectations(step.config as never, policy, facts);
  return rows.map(({ key, outcome, values: { at, from, to, ...values } }) => ({
    key,
    outcome,
    sentence: expectations[key]({
      ...values,
      ...(at === undefined ? {} : { at: dateOf(at, new Date(facts.now)) }),
      ...(from === undefined ? {} : { from: minuteOfDay(from) }),
      ...(to === undefined ? {} : { to: minuteOfDay(to) }),
    }),
  }));
}

function minuteOfDay(minutes: number): string {
  return timeOfDay(new Date(Date.UTC(2000, 0, 1, 0, minutes)).toISOString(), { zone: 'UTC' });
}
