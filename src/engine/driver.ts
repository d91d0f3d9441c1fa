import { AmbiguousCommit } from '#db/database.ts';
import type { OutcomeView, Part, Plan } from './contract.ts';
import type { Item } from './item.ts';
import { planCancelled, planNext, type NextStep } from './next.ts';
import { bugPart } from './parts.ts';
import { pause } from './pause.ts';
import type { PerformDeps } from './perform.ts';
import type { Recorded, RecordEntry } from './record.ts';
import { playRound } from './round.ts';
import { maxBugs } from './timing.ts';
import { isUnavailable } from './unavailable.ts';
import { withOutcomes } from './view.ts';

export interface DriverDeps extends PerformDeps {
  record: (projectId: string, entry: RecordEntry) => Promise<Recorded>;
  /** The process has ended its work for good. */
  isClosed: () => boolean;
}

/** Facts that move under every look: after this many looks the item steps back from it. */
const maxLooks = 20;

/**
 * Drives one leased item as far as it goes: evaluates the step, performs its parts, commits what
 * came of them, and goes on, until the item ends, parks, or is somebody else's. Never throws for
 * what an item does; a commit whose answer was lost is the only thing that comes out.
 */
export async function drive(deps: DriverDeps, item: Item): Promise<void> {
  const plan = await planOf(deps, item);
  if (plan === null) return;
  let ahead: Part[] | null = null;
  for (let looks = 1; deps.mayAct(item) && looks <= maxLooks; looks++) {
    const step = await playStep(deps, item, plan, ahead);
    if (step === null) return;
    ahead = null;
    if (step === 'again') {
      item.hasFreshFacts = false;
      continue;
    }
    const recorded = await commit(deps, item, step);
    if (recorded.state !== 'held' || step.next.kind !== 'advance') return;
    // Written differently than foreseen: what was looked at ahead rests on what did not happen.
    const asPlanned = step.results.every((one, at) => recorded.outcomes[at]?.reason === one.reason);
    if (step.next.position !== item.position) looks = 0;
    moveOn(item, step, recorded.outcomes);
    ahead = asPlanned ? step.ahead : null;
  }
}

/** One round and what follows from it; null: the item is somebody else's. */
async function playStep(
  deps: DriverDeps,
  item: Item,
  plan: Plan,
  ahead: Part[] | null,
): Promise<NextStep | 'again' | null> {
  const wasCancelled = item.cancel !== null;
  if (item.kind === 'run' && item.position > plan.steps.length && !wasCancelled) {
    return { results: [], next: { kind: 'end', state: 'ended' }, ahead: null };
  }
  const round = await playRound(deps, item, ahead);
  if (round === null) return null;
  if (wasCancelled && item.cancel !== null) return planCancelled(deps, item, plan, round, item.cancel);
  if (round.isAgain && round.results.length === 0 && round.waits.length === 0 && round.reconnects === 0) {
    return 'again';
  }
  return planNext(deps, item, plan, round);
}

/** The steps of the run's version; null when they cannot be had, and the item has stepped back. */
async function planOf(deps: DriverDeps, item: Item): Promise<Plan | null> {
  if (item.kind !== 'run' || item.flowVersionId === null) return { steps: [] };
  try {
    return await deps.ports.plan(item.projectId, item.flowVersionId);
  } catch (error) {
    if (!isUnavailable(error)) deps.onBug(error, item);
    await stepBack(deps, item);
    return null;
  }
}

/**
 * Records, for as long as the database needs to come back: the fence makes a late record harmless.
 * What cannot be written is a bug of this step alone.
 */
async function commit(deps: DriverDeps, item: Item, step: NextStep): Promise<Recorded> {
  for (let tries = 0; ; tries++) {
    const now = deps.now(item.projectId);
    try {
      return await deps.record(item.projectId, { item, results: step.results, next: step.next, now });
    } catch (error) {
      if (error instanceof AmbiguousCommit || deps.isClosed()) throw error;
      if (!isUnavailable(error)) return commitBug(deps, item, step, error);
      await pause(Math.min(1_000, 20 * 2 ** Math.min(tries, 6)));
    }
  }
}

/**
 * The rows of this step are refused. A call that must not be made twice ends it here, without its
 * rows; anything else is tried again with back-off, and ends so at last.
 */
async function commitBug(deps: DriverDeps, item: Item, step: NextStep, error: unknown): Promise<Recorded> {
  deps.onBug(error, item);
  const own = step.results.filter((one) => one.position === item.position);
  const mustEnd = own.some((one) => one.intent !== null) || item.attempt + 1 >= maxBugs;
  if (!mustEnd) return stepBack(deps, item);
  const results = own.map((one) => ({
    ...one,
    status: 'failed' as const,
    reason: 'bug',
    detail: null,
    writes: [],
    events: [],
    items: [],
    tracks: null,
  }));
  const isRun = item.kind === 'run';
  const next: NextStep['next'] = isRun
    ? { kind: 'advance', position: item.position + 1, data: null }
    : { kind: 'end', state: 'ended' };
  const recorded = await deps.record(item.projectId, { item, results, next, now: deps.now(item.projectId) });
  // Lets go of the item: what the round had planned does not hold any more.
  if (isRun && recorded.state === 'held')
    await stepBack(deps, { ...item, position: item.position + 1, attempt: -1 });
  return { ...recorded, state: 'lost' };
}

/** Parks the item for a while as it is, one attempt later. */
async function stepBack(deps: DriverDeps, item: Item): Promise<Recorded> {
  const now = deps.now(item.projectId);
  const end = bugPart(
    deps,
    { ...item, attempt: Math.min(Math.max(item.attempt, 0), maxBugs - 2) },
    item.service,
  );
  const next: NextStep['next'] = {
    kind: 'park',
    dueAt: end.kind === 'wait' ? end.dueAt : now,
    afterMs: null,
    lane: '',
    waitOn: [],
    attempt: item.attempt + 1,
    data: item.data,
    isSilent: true,
  };
  return deps.record(item.projectId, { item, results: [], next, now });
}

function moveOn(item: Item, { next, results }: NextStep, outcomes: readonly OutcomeView[]) {
  if (next.kind !== 'advance') return;
  const isSame = next.position === item.position;
  const over = new Set(results.flatMap((one) => one.intent?.id ?? []));
  item.intents = isSame ? item.intents.filter((intent) => !over.has(intent.id)) : [];
  if (isSame) item.hasFreshFacts = false;
  item.outcomes = withOutcomes(item.outcomes, outcomes);
  item.attempt = 0;
  item.position = next.position;
  if (next.data !== null) item.data = next.data;
}
