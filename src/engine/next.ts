import type { OutcomeView, Part, Plan } from './contract.ts';
import { engineState, type EngineState, type Item, type ItemData } from './item.ts';
import type { Next } from './move-items.ts';
import type { Wait } from './part-end.ts';
import { deferredResult, evaluateStep, localResult } from './parts.ts';
import type { PerformDeps } from './perform.ts';
import { result, type StepResult } from './results.ts';
import type { Round } from './round.ts';
import { isUnavailable } from './unavailable.ts';
import { toOutcomeView, withOutcomes } from './view.ts';

export interface NextStep {
  results: StepResult[];
  next: Next;
  /** The next step, looked at already. */
  ahead: Part[] | null;
}

const ended: Next = { kind: 'end', state: 'ended' };

/** What the item does after this round: look again, wait, go on (taking local steps along), or end. */
export function planNext(
  deps: PerformDeps,
  item: Item,
  plan: Plan,
  round: Round,
): NextStep | Promise<NextStep> {
  const { results, waits } = round;
  if (round.isAgain) {
    // What others of the step did already is committed first, so that it is not done again.
    const data = withEngineState(item, { settled: settledWith(item, results), reconnects: round.reconnects });
    return { results, next: { kind: 'advance', position: item.position, data }, ahead: null };
  }
  if (waits.length > 0) {
    const shown = waits.flatMap((one) => one.shown ?? []);
    const next = park(deps.now(item.projectId), item, round);
    return { results: [...results, ...shown], next, ahead: null };
  }
  if (item.kind !== 'run') return { results, next: ended, ahead: null };
  return goOn(deps, item, plan, results);
}

function settledWith(item: Item, results: readonly StepResult[]): string[] {
  return [...(engineState(item).settled ?? []), ...results.map((one) => one.service)];
}

function park(now: Date, item: Item, round: Round): Next {
  const { waits } = round;
  const held = waits.find((one) => one.shown?.status === 'held')?.shown;
  const heldSince = engineState(item).heldSince ?? held?.startedAt.toISOString();
  return {
    kind: 'park',
    ...whenDue(waits, now),
    waitOn: [
      ...new Map(waits.flatMap((one) => one.waitOn.map((gate) => [gate.key, gate] as const))).values(),
    ],
    attempt: item.attempt + (waits.some((one) => one.isAttempt) ? 1 : 0),
    isSilent: waits.some((one) => one.shown === null),
    data: withEngineState(item, {
      settled: settledWith(item, round.results),
      reconnects: round.reconnects,
      ...(heldSince === undefined ? {} : { heldSince }),
    }),
  };
}

/**
 * A single wait keeps its own clock. Several become the earliest, in domain time: looking too early
 * only finds that the others still wait.
 */
export function whenDue(
  waits: readonly Wait[],
  now: Date,
): { dueAt: Date | null; afterMs: number | null; lane: string } {
  const [only, ...others] = waits;
  if (only !== undefined && others.length === 0) {
    if (only.lane !== '') return { dueAt: null, afterMs: null, lane: only.lane };
    return { dueAt: only.dueAt, afterMs: only.afterMs, lane: '' };
  }
  const moments = waits.map((one) => one.dueAt?.getTime() ?? now.getTime() + (one.afterMs ?? 0));
  return { dueAt: new Date(Math.min(...moments)), afterMs: null, lane: '' };
}

/** The item's data with the engine's own part replaced. */
function withEngineState(item: Item, change: EngineState): ItemData {
  return { ...item.data, engine: { ...engineState(item), ...change } };
}

/**
 * Advances the cursor. Steps that only write rows ride in the same commit as the one before them:
 * order is kept, and a run costs one commit less for each.
 */
async function goOn(
  deps: PerformDeps,
  item: Item,
  plan: Plan,
  results: readonly StepResult[],
): Promise<NextStep> {
  const all = [...results];
  const seen: Item = { ...item, outcomes: withOutcomes(item.outcomes, all.map(toOutcomeView)) };
  const data = item.data.engine === undefined ? null : { ...item.data, engine: {} };
  for (let position = item.position; ;) {
    if (plan.steps[position - 1]?.stopOnFailure && hasFailed(seen.outcomes, position)) {
      const rest = skipRest(plan, position + 1, 'stopped', deps.now(item.projectId));
      return { results: [...all, ...rest], next: ended, ahead: null };
    }
    position++;
    if (position > plan.steps.length) return { results: all, next: ended, ahead: null };
    const parts = await lookAhead(deps, seen, position);
    const now = deps.now(item.projectId);
    const local = (parts ?? []).flatMap((part) => rideAlong(item, part, position, now));
    if (parts === null || local.length < parts.length) {
      return { results: all, next: { kind: 'advance', position, data }, ahead: parts };
    }
    all.push(...local);
    seen.outcomes = withOutcomes(seen.outcomes, local.map(toOutcomeView));
  }
}

/** Null when the database is away: what was done is recorded first. */
async function lookAhead(deps: PerformDeps, item: Item, position: number): Promise<Part[] | null> {
  try {
    return await evaluateStep(deps, item, position);
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

function rideAlong(item: Item, part: Part, position: number, now: Date): StepResult[] {
  const { verdict } = part;
  if (verdict.kind === 'done' || verdict.kind === 'skip') return [localResult(part, verdict, position, now)];
  if (verdict.kind === 'defer') return [deferredResult(item, part, verdict, position, now)];
  return [];
}

function hasFailed(outcomes: readonly OutcomeView[], position: number): boolean {
  return outcomes.some(
    (one) => one.position === position && (one.status === 'failed' || one.status === 'unknown'),
  );
}

function skipRest(plan: Plan, from: number, reason: string, now: Date): StepResult[] {
  return plan.steps.slice(from - 1).map((_, at) => result(from + at, '', 'skipped', reason, now));
}

/**
 * The end of a cancelled item: what is not over is skipped for the reason given. Calls that may have
 * gone out are settled first, never repeated.
 */
export function planCancelled(
  deps: PerformDeps,
  item: Item,
  plan: Plan,
  round: Round,
  reason: string,
): NextStep {
  if (round.waits.length > 0) {
    return { results: round.results, next: park(deps.now(item.projectId), item, round), ahead: null };
  }
  const now = deps.now(item.projectId);
  const isOver = (service: string) => settledWith(item, round.results).includes(service);
  const open = item.outcomes.filter(
    ({ position, status, service }) =>
      position === item.position &&
      (status === 'held' || status === 'running' || status === 'deferred') &&
      !isOver(service),
  );
  const own = open.map((one) => result(item.position, one.service, 'skipped', reason, now));
  const hasNothing = own.length === 0 && settledWith(item, round.results).length === 0;
  const isBeyond = item.kind === 'run' && item.position > plan.steps.length;
  if (hasNothing && !isBeyond) own.push(result(item.position, item.service, 'skipped', reason, now));
  const rest = item.kind === 'run' ? skipRest(plan, item.position + 1, reason, now) : [];
  return {
    results: [...round.results, ...own, ...rest],
    next: { kind: 'end', state: 'cancelled' },
    ahead: null,
  };
}
