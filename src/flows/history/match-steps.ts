import { stepReferences } from '../definition.ts';
import type { FlowStep } from '../contract.ts';

/** A step of one version and the same step of another, by their places from 0. */
export interface StepPair {
  before: number;
  after: number;
  /** Whether it has another place among the steps that both versions have. */
  isMoved: boolean;
}

/**
 * Steps carry no names of their own: the same step is first one that is equal, then one of the same
 * kind about the same thing, then the next one of the same kind. Each belongs to one pair at most.
 */
export function matchSteps(before: readonly FlowStep[], after: readonly FlowStep[]): StepPair[] {
  const partnerOf = new Map<number, number>();
  for (const keyOf of [wholeKey, subjectKey, (step: FlowStep) => step.step]) {
    const taken = new Set(partnerOf.values());
    const free = [...after.keys()].filter((index) => !taken.has(index));
    const open = Map.groupBy(free, (index) => keyOf(stepAt(after, index)));
    before.forEach((step, index) => {
      if (partnerOf.has(index)) return;
      const partner = open.get(keyOf(step))?.shift();
      if (partner !== undefined) partnerOf.set(index, partner);
    });
  }
  const pairs = [...partnerOf].toSorted(([a], [b]) => a - b);
  const kept = longestRising(pairs.map(([, index]) => index));
  return pairs.map(([from, to]) => ({ before: from, after: to, isMoved: !kept.has(to) }));
}

function stepAt(steps: readonly FlowStep[], index: number): FlowStep {
  const step = steps[index];
  if (step === undefined) throw new Error(`there is no step ${index}`);
  return step;
}

/** Fields in any order. */
export function wholeKey(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function subjectKey(step: FlowStep): string {
  return [step.step, ...stepReferences(step).map(({ kind, id }) => `${kind}:${id}`)].join(' ');
}

/** The most numbers that stand in rising order: what was not moved. Flows are short, so the plain way. */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  const best: number[][] = [];
  for (const number of numbers) {
    const before = best.filter((run) => (run.at(-1) ?? -1) < number);
    const longest = before.reduce<number[]>((one, other) => (other.length > one.length ? other : one), []);
    best.push([...longest, number]);
  }
  return new Set(best.reduce<number[]>((one, other) => (other.length > one.length ? other : one), []));
}
