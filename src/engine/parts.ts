import { newId } from '#lib/ids.ts';
import type { NewItem, Part, Verdict } from './contract.ts';
import type { Item } from './item.ts';
import { wait, type PartEnd } from './part-end.ts';
import { performCall, type PerformDeps } from './perform.ts';
import { result, type StepResult } from './results.ts';
import { backoffMs, maxBugs } from './timing.ts';
import { isUnavailable } from './unavailable.ts';
import { toView } from './view.ts';

type Kind<K extends Verdict['kind']> = Extract<Verdict, { kind: K }>;

/** Only a gate wakes it; nothing in the domain lies this far ahead. */
const farFuture = new Date('9000-01-01T00:00:00.000Z');

/** Asks the product what the step at `position` needs. A database that is away is thrown on. */
export async function evaluateStep(deps: PerformDeps, item: Item, position: number): Promise<Part[]> {
  try {
    const parts = await deps.ports.evaluate(toView(item, position, deps.now(item.projectId)));
    item.hasFreshFacts = true;
    return parts;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    deps.onBug(error, item);
    return [{ service: item.service, verdict: { kind: 'hold', reason: 'bug' }, gates: [] }];
  }
}

/** Does what one part's verdict says. Never throws. */
export async function endPart(deps: PerformDeps, item: Item, part: Part): Promise<PartEnd> {
  const { verdict } = part;
  return guarded(deps, item, part.service, (): PartEnd | Promise<PartEnd> => {
    if (verdict.kind === 'call') return performCall(deps, item, part, verdict, null);
    if (verdict.kind === 'hold') return holdPart(deps, item, part, verdict);
    if (verdict.kind === 'defer') return deferPart(deps, item, part, verdict);
    return { kind: 'final', result: localResult(part, verdict, item.position, deps.now(item.projectId)) };
  });
}

/** A bug ends nothing at once, and a database that is away ends nothing at all: both are waits. */
export async function guarded(
  deps: PerformDeps,
  item: Item,
  service: string,
  act: () => PartEnd | Promise<PartEnd>,
): Promise<PartEnd> {
  try {
    return await act();
  } catch (error) {
    if (isUnavailable(error)) return wait(service, { afterMs: deps.timing.pollMs });
    deps.onBug(error, item);
    return bugPart(deps, item, service);
  }
}

/** A bug is tried again a few times, since a fix may be on its way; then the artist sees it. */
export function bugPart(deps: PerformDeps, item: Item, service: string): PartEnd {
  const now = deps.now(item.projectId);
  if (item.attempt + 1 >= maxBugs) {
    return { kind: 'final', result: result(item.position, service, 'failed', 'bug', now) };
  }
  const dueAt = new Date(now.getTime() + backoffMs(deps.timing, item.attempt));
  return wait(service, { dueAt, isAttempt: true });
}

export function localResult(
  part: Part,
  verdict: Kind<'done'> | Kind<'skip'>,
  position: number,
  now: Date,
): StepResult {
  const status = verdict.kind === 'done' ? 'done' : 'skipped';
  return {
    ...result(position, part.service, status, verdict.reason ?? null, now),
    detail: verdict.detail ?? null,
    writes: verdict.writes ?? [],
    events: verdict.events ?? [],
    items: verdict.items ?? [],
    tracks: verdict.tracks ?? null,
  };
}

function holdPart(deps: PerformDeps, item: Item, part: Part, verdict: Kind<'hold'>): PartEnd {
  if (verdict.reason === 'bug') return bugPart(deps, item, part.service);
  const dueAt = verdict.until ?? farFuture;
  const until = verdict.until?.toISOString() ?? null;
  const shown = {
    ...result(item.position, part.service, 'held', verdict.reason, deps.now(item.projectId)),
    waitingFor: { what: verdict.reason, until, deadlineAt: dueAt.toISOString() },
  };
  const known = item.outcomes.find((one) => one.position === item.position && one.service === part.service);
  const isNews = known?.status !== 'held' || known.reason !== verdict.reason;
  return wait(part.service, { dueAt, waitOn: part.gates, shown: isNews ? shown : null });
}

/**
 * Run: the step leaves as an item of its own and the run goes on. Deferred item: it waits on, or,
 * past its deadline, is skipped for the reason it waited.
 */
function deferPart(deps: PerformDeps, item: Item, part: Part, verdict: Kind<'defer'>): PartEnd {
  const now = deps.now(item.projectId);
  if (item.kind === 'run') {
    return { kind: 'final', result: deferredResult(item, part, verdict, item.position, now) };
  }
  const deadlineAt = item.deadlineAt ?? verdict.deadlineAt;
  if (now >= deadlineAt) {
    return { kind: 'final', result: result(item.position, part.service, 'skipped', verdict.reason, now) };
  }
  const known = item.outcomes.find((one) => one.position === item.position && one.service === part.service);
  const isNews = known?.reason !== verdict.reason && known?.reason !== 'same_promise';
  const shown = {
    ...result(item.position, part.service, 'deferred', verdict.reason, now),
    waitingFor: waitingFor(verdict),
  };
  return wait(part.service, {
    dueAt: earliest(verdict.until, deadlineAt),
    waitOn: part.gates,
    shown: isNews ? shown : null,
  });
}

/** The step leaves its run as an item that wakes by its gates, its date or its deadline. */
export function deferredResult(
  item: Item,
  part: Part,
  verdict: Kind<'defer'>,
  position: number,
  now: Date,
): StepResult {
  const { engine: _, ...data } = item.data;
  const id = newId();
  const made: NewItem = {
    id,
    kind: 'step',
    fanId: item.fanId,
    flowId: item.flowId,
    flowVersionId: item.flowVersionId,
    runId: item.runId,
    position,
    service: part.service,
    priority: item.priority,
    dueAt: earliest(verdict.until, verdict.deadlineAt),
    deadlineAt: verdict.deadlineAt,
    promise: verdict.promise,
    waitOn: part.gates,
    data,
  };
  return {
    ...result(position, part.service, 'deferred', verdict.reason, now),
    waitingFor: waitingFor(verdict),
    items: [made],
    tracks: id,
  };
}

function waitingFor(verdict: Kind<'defer'>) {
  return {
    what: verdict.waitingFor,
    until: verdict.until?.toISOString() ?? null,
    deadlineAt: verdict.deadlineAt.toISOString(),
  };
}

function earliest(a: Date | undefined, b: Date): Date {
  return a !== undefined && a < b ? a : b;
}
