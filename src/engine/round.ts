import type { Part } from './contract.ts';
import { engineState, type Item } from './item.ts';
import { wait, type PartEnd, type Wait } from './part-end.ts';
import { endPart, evaluateStep, guarded } from './parts.ts';
import type { PerformDeps } from './perform.ts';
import { result, type StepResult } from './results.ts';
import { settleIntent } from './settle.ts';
import { backoffMs } from './timing.ts';
import { isUnavailable } from './unavailable.ts';

/** What one look at a step came to. */
export interface Round {
  results: StepResult[];
  waits: Wait[];
  /** Some part is to be evaluated again at once. */
  isAgain: boolean;
  /** Evaluations in a row that a dead credential threw back. */
  reconnects: number;
}

/** A dead credential may throw a step back this often before it counts as refused. */
const maxReconnects = 3;

/**
 * Evaluates and performs the item's current step: settles calls whose end is unknown first, then
 * looks at the parts that are not over, side by side. Null: the item is somebody else's.
 */
export async function playRound(deps: PerformDeps, item: Item, ahead: Part[] | null): Promise<Round | null> {
  const evaluate = () => evaluateStep(deps, item, item.position);
  const ends: PartEnd[] = await Promise.all(
    item.intents.map((intent) =>
      guarded(deps, item, intent.service, () => settleIntent(deps, item, intent, evaluate)),
    ),
  );
  if (item.cancel === null && !ends.some((end) => end.kind !== 'final')) {
    ends.push(...(await performParts(deps, item, ahead, evaluate)));
  }
  return ends.some((end) => end.kind === 'lost') ? null : sumUp(deps, item, ends);
}

async function performParts(
  deps: PerformDeps,
  item: Item,
  ahead: Part[] | null,
  evaluate: () => Promise<Part[]>,
): Promise<PartEnd[]> {
  const over = new Set([
    ...(engineState(item).settled ?? []),
    ...item.intents.map((intent) => intent.service),
  ]);
  let parts: Part[];
  try {
    parts = ahead ?? (await evaluate());
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return [wait(item.service, { afterMs: deps.timing.pollMs })];
  }
  return Promise.all(
    parts.filter((part) => !over.has(part.service)).map((part) => endPart(deps, item, part)),
  );
}

function sumUp(deps: PerformDeps, item: Item, ends: readonly PartEnd[]): Round {
  const round: Round = {
    results: [],
    waits: [],
    isAgain: false,
    reconnects: engineState(item).reconnects ?? 0,
  };
  const now = deps.now(item.projectId);
  for (const end of ends) {
    if (end.kind === 'final') round.results.push(end.result);
    else if (end.kind === 'wait') round.waits.push(end);
    else if (end.kind === 'cancelled') item.cancel = end.reason;
    else if (end.kind === 'again') {
      if (end.isReconnect) round.reconnects++;
      if (end.isReconnect && round.reconnects > maxReconnects) {
        round.results.push(result(item.position, end.service, 'failed', 'refused', now));
      } else if (end.isReconnect && round.reconnects > 1) {
        // Looked at again and found well, and dead again: give its host a moment.
        round.waits.push(wait(end.service, { afterMs: backoffMs(deps.timing, round.reconnects) }));
      } else {
        round.isAgain = true;
      }
    }
  }
  if (ends.some((end) => end.kind === 'cancelled')) round.isAgain = true;
  else if (round.isAgain && round.waits.length > 0) {
    // Others of the step wait already: this one is looked at with them, after a moment.
    round.isAgain = false;
    round.waits.push(wait(item.service, { afterMs: deps.timing.backoffMs }));
  }
  return round;
}
