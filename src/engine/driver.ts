import { newId } from '#lib/ids.ts';
import type { ItemView, NewItem, OutcomeView, Part, Plan } from './contract.ts';
import { engineState, type Item } from './item.ts';
import { performCall, type PartEnd, type PerformDeps } from './perform.ts';
import { withEngineState, type Next, type Recorded, type RecordEntry, type StepResult } from './record.ts';
import { result } from './results.ts';
import { settleIntent } from './settle.ts';
import { backoffMs } from './timing.ts';

export interface DriverDeps extends PerformDeps {
  record: (projectId: string, entry: RecordEntry) => Promise<Recorded>;
}

/** A dead credential may throw a step back this often before it counts as refused. */
const maxReconnects = 3;

/**
 * Drives one leased item as far as it goes: evaluates the step, performs its parts, commits what
 * came of them, and goes on, until the item ends, parks, or is somebody else's. Never throws for
 * what an item does; a broken database is the only error that comes out.
 */
export async function drive(deps: DriverDeps, item: Item): Promise<void> {
  let ahead: Part[] | null = null;
  while (deps.mayStart()) {
    const round = await performStep(deps, item, ahead);
    if (round === 'lost') return;
    if (round === 'again') {
      item.hasFreshFacts = false;
      ahead = null;
      continue;
    }
    const step = await planNext(deps, item, round);
    const recorded = await deps.record(item.projectId, {
      item,
      results: step.results,
      next: step.next,
      now: deps.now(item.projectId),
    });
    if (!recorded.isHeld || step.next.kind !== 'advance') return;
    const asPlanned = step.results.every((one, at) => recorded.outcomes[at]?.reason === one.reason);
    ahead = asPlanned ? step.ahead : null;
    moveOn(item, step.next.position, recorded.outcomes);
  }
}

interface Round {
  results: StepResult[];
  waits: Extract<PartEnd, { kind: 'wait' }>[];
}

/** Evaluates and performs the item's current step. */
async function performStep(
  deps: DriverDeps,
  item: Item,
  ahead: Part[] | null,
): Promise<Round | 'again' | 'lost'> {
  const evaluate = () => evaluateStep(deps, item, item.position);
  const ends: PartEnd[] = [];
  const settling = item.intents;
  ends.push(...(await Promise.all(settling.map((intent) => settleIntent(deps, item, intent, evaluate)))));
  if (item.cancel !== null) return cancelled(deps, item, ends);
  const isOver = new Set([...(engineState(item).settled ?? []), ...settling.map((intent) => intent.service)]);
  if (settling.length === 0 || ends.every((end) => end.kind === 'final')) {
    const parts = (ahead ?? (await evaluate())).filter((part) => !isOver.has(part.service));
    // With an intent settled, other parts of the same step are looked at anew.
    ends.push(...(await Promise.all(parts.map((part) => endPart(deps, item, part)))));
  }
  if (ends.some((end) => end.kind === 'lost')) return 'lost';
  if (ends.some((end) => end.kind === 'again')) return lookAgain(deps, item, ends);
  return {
    results: ends.flatMap((end) => (end.kind === 'final' ? [end.result] : [])),
    waits: ends.filter((end) => end.kind === 'wait'),
  };
}

/**
 * A part must be evaluated again. Where others of the step are done already they are committed
 * first, as a wait of no time, so that they are not done again.
 */
function lookAgain(deps: DriverDeps, item: Item, ends: PartEnd[]): Round | 'again' {
  const reconnects =
    (engineState(item).reconnects ?? 0) + (ends.some((e) => e.kind === 'again' && e.isReconnect) ? 1 : 0);
  item.data = withEngineState(item, { reconnects });
  const now = deps.now(item.projectId);
  if (reconnects > maxReconnects) {
    return { results: [result(item.position, item.service, 'failed', 'refused', now)], waits: [] };
  }
  const finals = ends.flatMap((end) => (end.kind === 'final' ? [end.result] : []));
  const waits = ends.filter((end) => end.kind === 'wait');
  if (finals.length === 0 && waits.length === 0) return 'again';
  const soon: Extract<PartEnd, { kind: 'wait' }> = {
    kind: 'wait',
    service: '',
    dueAt: now,
    notBefore: null,
    lane: '',
    waitOn: [],
    isAttempt: false,
    shown: null,
    intent: null,
  };
  return { results: finals, waits: [...waits, soon] };
}

async function evaluateStep(deps: DriverDeps, item: Item, position: number): Promise<Part[]> {
  try {
    const parts = await deps.ports.evaluate(toView(deps, item, position));
    item.hasFreshFacts = true;
    return parts;
  } catch (error) {
    deps.onBug(error, item);
    return [{ service: item.service, verdict: { kind: 'hold', reason: 'bug' }, gates: [] }];
  }
}

function toView(deps: DriverDeps, item: Item, position: number): ItemView {
  const now = deps.now(item.projectId);
  const { heldSince } = engineState(item);
  return {
    projectId: item.projectId,
    id: item.id,
    kind: item.kind,
    fanId: item.fanId,
    flowId: item.flowId,
    flowVersionId: item.flowVersionId,
    runId: item.runId,
    position,
    service: item.service,
    data: item.data,
    outcomes: item.outcomes,
    now,
    isPastDeadline: item.deadlineAt !== null && now >= item.deadlineAt,
    deadlineAt: item.deadlineAt,
    heldSince: heldSince === undefined || position !== item.position ? null : new Date(heldSince),
    attempt: item.attempt,
    isFreshLook: !item.hasFreshFacts,
  };
}

async function endPart(deps: DriverDeps, item: Item, part: Part): Promise<PartEnd> {
  const { verdict } = part;
  if (verdict.kind === 'call') return performCall(deps, item, part, null);
  if (verdict.kind === 'hold') return holdPart(deps, item, part, verdict);
  if (verdict.kind === 'defer') return deferPart(deps, item, part, verdict);
  return { kind: 'final', result: localResult(deps, item, part, verdict, item.position) };
}

function localResult(
  deps: DriverDeps,
  item: Item,
  part: Part,
  verdict: Extract<Part['verdict'], { kind: 'done' | 'skip' }>,
  position: number,
): StepResult {
  const status = verdict.kind === 'done' ? 'done' : 'skipped';
  return {
    ...result(position, part.service, status, verdict.reason ?? null, deps.now(item.projectId)),
    detail: verdict.detail ?? null,
    writes: verdict.writes ?? [],
    events: verdict.events ?? [],
    items: verdict.items ?? [],
    tracks: verdict.tracks ?? null,
  };
}

function holdPart(
  deps: DriverDeps,
  item: Item,
  part: Part,
  verdict: Extract<Part['verdict'], { kind: 'hold' }>,
): PartEnd {
  const now = deps.now(item.projectId);
  const isBug = verdict.reason === 'bug';
  if (isBug && item.attempt >= 8) {
    return { kind: 'final', result: result(item.position, part.service, 'failed', 'bug', now) };
  }
  const dueAt = isBug
    ? new Date(now.getTime() + backoffMs(deps.timing, item.attempt))
    : (verdict.until ?? farFuture);
  const shown = {
    ...result(item.position, part.service, 'held', verdict.reason, now),
    waitingFor: {
      what: verdict.reason,
      until: verdict.until?.toISOString() ?? null,
      deadlineAt: dueAt.toISOString(),
    },
  };
  return {
    kind: 'wait',
    service: part.service,
    dueAt,
    notBefore: null,
    lane: '',
    waitOn: part.gates,
    isAttempt: isBug,
    shown: isBug ? null : shown,
    intent: null,
  };
}

/** Only a gate wakes it; nothing in the domain lies this far ahead. */
const farFuture = new Date('9000-01-01T00:00:00.000Z');

/**
 * Run: the step leaves as an item of its own and the run goes on. Deferred item: it waits on, or,
 * past its deadline, is skipped for the reason it waited.
 */
function deferPart(
  deps: DriverDeps,
  item: Item,
  part: Part,
  verdict: Extract<Part['verdict'], { kind: 'defer' }>,
): PartEnd {
  const now = deps.now(item.projectId);
  if (item.kind !== 'run') return waitOn(item, part, verdict, now);
  return { kind: 'final', result: deferredResult(item, part, verdict, item.position, now) };
}

function deferredResult(
  item: Item,
  part: Part,
  verdict: Extract<Part['verdict'], { kind: 'defer' }>,
  position: number,
  now: Date,
): StepResult {
  const { engine: _, ...data } = item.data;
  const made: NewItem = {
    id: newId(),
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
    tracks: made.id ?? null,
  };
}

function waitOn(
  item: Item,
  part: Part,
  verdict: Extract<Part['verdict'], { kind: 'defer' }>,
  now: Date,
): PartEnd {
  if (item.deadlineAt !== null && now >= item.deadlineAt) {
    return { kind: 'final', result: result(item.position, part.service, 'skipped', verdict.reason, now) };
  }
  const known = item.outcomes.find((one) => one.position === item.position && one.service === part.service);
  const isNews = known?.reason !== verdict.reason && known?.reason !== 'same_promise';
  const shown = {
    ...result(item.position, part.service, 'deferred', verdict.reason, now),
    waitingFor: waitingFor(verdict),
  };
  return {
    kind: 'wait',
    service: part.service,
    dueAt: earliest(verdict.until, item.deadlineAt ?? verdict.deadlineAt),
    notBefore: null,
    lane: '',
    waitOn: part.gates,
    isAttempt: false,
    shown: isNews ? shown : null,
    intent: null,
  };
}

function waitingFor(verdict: Extract<Part['verdict'], { kind: 'defer' }>) {
  return {
    what: verdict.waitingFor,
    until: verdict.until?.toISOString() ?? null,
    deadlineAt: verdict.deadlineAt.toISOString(),
  };
}

function earliest(a: Date | undefined, b: Date): Date {
  return a !== undefined && a < b ? a : b;
}

interface NextStep {
  results: StepResult[];
  next: Next;
  /** The next step, looked at already, when it is one that calls out. */
  ahead: Part[] | null;
}

/** What the item does after this round: wait, go on (taking local steps along), or end. */
async function planNext(deps: DriverDeps, item: Item, round: Round): Promise<NextStep> {
  const shown = round.waits.flatMap((wait) => wait.shown ?? []);
  if (round.waits.length > 0) {
    return { results: [...round.results, ...shown], next: park(item, round), ahead: null };
  }
  if (item.kind !== 'run')
    return { results: round.results, next: { kind: 'end', state: 'ended' }, ahead: null };
  const plan = await deps.ports.plan(item.projectId, item.flowVersionId!); // a run is pinned to its version
  return goOn(deps, item, plan, round.results);
}

function park(item: Item, round: Round): Next {
  const settledNow = round.results.map((one) => one.service);
  const state = engineState(item);
  const isHeld = round.waits.some((wait) => wait.shown?.status === 'held');
  const heldSince =
    state.heldSince ??
    (isHeld ? round.waits.find((w) => w.shown)?.shown?.startedAt.toISOString() : undefined);
  const change = {
    settled: [...(state.settled ?? []), ...settledNow],
    ...(heldSince === undefined ? {} : { heldSince }),
  };
  const dues = round.waits.flatMap((wait) => wait.dueAt ?? []);
  const befores = round.waits.flatMap((wait) => wait.notBefore ?? []);
  return {
    kind: 'park',
    dueAt: dues.length === 0 ? null : new Date(Math.min(...dues.map(Number))),
    notBefore: befores.length === 0 ? null : new Date(Math.min(...befores.map(Number))),
    lane: round.waits.length === 1 ? round.waits[0]!.lane : '',
    waitOn: distinctGates(round.waits.flatMap((wait) => [...wait.waitOn])),
    attempt: item.attempt + (round.waits.some((wait) => wait.isAttempt) ? 1 : 0),
    data: withEngineState(item, change),
  };
}

function distinctGates<G extends { key: string }>(gates: readonly G[]): G[] {
  return [...new Map(gates.map((gate) => [gate.key, gate])).values()];
}

/**
 * Advances the cursor. Steps that only write rows ride in the same commit as the one before them:
 * order is kept, and a run costs one commit less for each.
 */
async function goOn(deps: DriverDeps, item: Item, plan: Plan, results: StepResult[]): Promise<NextStep> {
  const all = [...results];
  let position = item.position;
  const seen: Item = { ...item, outcomes: withOutcomes(item.outcomes, all.map(toOutcomeView)) };
  for (;;) {
    const step = plan.steps[position - 1];
    if (step?.stopOnFailure && hasFailed(seen.outcomes, position))
      return stop(deps, item, plan, all, position);
    position++;
    if (position > plan.steps.length)
      return { results: all, next: { kind: 'end', state: 'ended' }, ahead: null };
    const parts = await evaluateStep(deps, seen, position);
    const local = parts.map((part) => rideAlong(deps, item, part, position));
    if (local.some((one) => one === null))
      return { results: all, next: { kind: 'advance', position }, ahead: parts };
    for (const one of local) {
      all.push(one!);
      seen.outcomes = withOutcomes(seen.outcomes, [toOutcomeView(one!)]);
    }
  }
}

function rideAlong(deps: DriverDeps, item: Item, part: Part, position: number): StepResult | null {
  const { verdict } = part;
  if (verdict.kind === 'done' || verdict.kind === 'skip')
    return localResult(deps, item, part, verdict, position);
  if (verdict.kind === 'defer')
    return deferredResult(item, part, verdict, position, deps.now(item.projectId));
  return null;
}

function hasFailed(outcomes: readonly OutcomeView[], position: number): boolean {
  return outcomes.some(
    (one) => one.position === position && (one.status === 'failed' || one.status === 'unknown'),
  );
}

function stop(deps: DriverDeps, item: Item, plan: Plan, results: StepResult[], after: number): NextStep {
  const rest = skipRest(deps, item, plan, after + 1, 'stopped');
  return { results: [...results, ...rest], next: { kind: 'end', state: 'ended' }, ahead: null };
}

function skipRest(deps: DriverDeps, item: Item, plan: Plan, from: number, reason: string): StepResult[] {
  const now = deps.now(item.projectId);
  return plan.steps.slice(from - 1).map((_, at) => result(from + at, '', 'skipped', reason, now));
}

/** Ends a cancelled item; calls that may have gone out are settled first, never repeated. */
async function cancelled(deps: DriverDeps, item: Item, ends: PartEnd[]): Promise<Round | 'lost'> {
  const waits = ends.filter((end) => end.kind === 'wait');
  const results = ends.flatMap((end) => (end.kind === 'final' ? [end.result] : []));
  if (waits.length > 0) return { results, waits };
  const reason = item.cancel ?? 'cancelled';
  const isSettled = results.some((one) => one.position === item.position);
  const now = deps.now(item.projectId);
  const own = isSettled ? [] : [result(item.position, item.service, 'skipped', reason, now)];
  const plan =
    item.kind === 'run' ? await deps.ports.plan(item.projectId, item.flowVersionId!) : { steps: [] };
  const rest = item.kind === 'run' ? skipRest(deps, item, plan, item.position + 1, reason) : [];
  const next: Next = { kind: 'end', state: 'cancelled' };
  await deps.record(item.projectId, { item, results: [...results, ...own, ...rest], next, now });
  return 'lost';
}

function moveOn(item: Item, position: number, outcomes: readonly OutcomeView[]) {
  item.position = position;
  item.attempt = 0;
  item.intents = [];
  item.outcomes = withOutcomes(item.outcomes, outcomes);
  const { engine: _, ...data } = item.data;
  item.data = data;
}

function toOutcomeView({ position, service, status, reason }: StepResult): OutcomeView {
  return { position, service, status, reason };
}

/** Newer outcomes replace older ones of the same step and service. */
function withOutcomes(before: readonly OutcomeView[], newer: readonly OutcomeView[]): OutcomeView[] {
  const isReplaced = (old: OutcomeView) =>
    newer.some((one) => one.position === old.position && one.service === old.service);
  return [...before.filter((old) => !isReplaced(old)), ...newer];
}
