import { afterError } from './after-error.ts';
import type { Breaker } from './breaker.ts';
import type {
  Effect,
  EffectContext,
  EffectResult,
  GateRead,
  JsonObject,
  Part,
  Ports,
  Verdict,
} from './contract.ts';
import type { IntentEntry, IntentVerdict } from './intents.ts';
import type { Item, OpenIntent } from './item.ts';
import { newId } from '#lib/ids.ts';
import type { Ride, Ticket } from './lanes.ts';
import { uptime } from './monotonic.ts';
import { wait, type PartEnd } from './part-end.ts';
import { pause } from './pause.ts';
import { result, settled } from './results.ts';
import type { Timing } from './timing.ts';

export type CallVerdict = Extract<Verdict, { kind: 'call' }>;

/** What performing needs from the process it runs in. */
export interface PerformDeps {
  ports: Ports;
  timing: Timing;
  now: (projectId: string) => Date;
  /** Whether this process may still act on the item. */
  mayAct: (item: Item) => boolean;
  bookLanes: (projectId: string, ticket: Ticket) => Promise<Ride>;
  commitIntent: (projectId: string, entry: IntentEntry) => Promise<IntentVerdict>;
  /** Blocks lanes for so many milliseconds. */
  blockLanes: (ids: readonly string[], ms: number, reason: string) => Promise<void>;
  breaker: Breaker;
  /** Keeps track of what may lead to a call, for control marks. */
  track: <T>(call: Promise<T>) => Promise<T>;
  onBug: (error: unknown, item: Item) => void;
  onLaneWait: () => void;
  observeCall: (effect: string, ms: number, isOk: boolean) => void;
}

export interface Call {
  item: Item;
  position: number;
  service: string;
  verdict: CallVerdict;
  gates: readonly GateRead[];
  moves: readonly string[];
  effect: Effect;
  key: string;
}

/** Books lanes, commits the intent where the effect needs one, calls, and says what came of it. */
export function performCall(
  deps: PerformDeps,
  item: Item,
  part: Part,
  verdict: CallVerdict,
  open: OpenIntent | null,
): Promise<PartEnd> {
  const effect = deps.ports.effects[verdict.effect];
  if (effect === undefined) throw new Error(`no effect is called ${verdict.effect}`);
  const { service, gates, moves = [] } = part;
  const key = `${item.runId ?? item.id}:${item.position}:${service}`;
  const call: Call = { item, position: item.position, service, verdict, gates, moves, effect, key };
  // Tracked from before the last look at the gates: whoever closed one can wait for all that looked earlier.
  return deps.track(rideAndMake(deps, call, open));
}

async function rideAndMake(deps: PerformDeps, call: Call, open: OpenIntent | null): Promise<PartEnd> {
  const { item, verdict, effect, service } = call;
  const hasIntent = effect.class !== 'repeatable';
  const ride = await deps.bookLanes(item.projectId, {
    charges: verdict.lanes,
    priority: item.priority,
    gates: hasIntent ? [] : call.gates,
  });
  if (ride.kind === 'moved') return { kind: 'again', service, isReconnect: false };
  if (ride.kind === 'wait') return laneWait(deps, call, ride.lane, ride.freeInMs);
  if (ride.waitMs > 0) await pause(ride.waitMs);
  if (!deps.mayAct(item)) return { kind: 'lost' };
  return hasIntent
    ? intendAndMake(deps, call, open)
    : make(deps, call, null, verdict.payload, item.attempt + 1);
}

async function intendAndMake(deps: PerformDeps, call: Call, open: OpenIntent | null): Promise<PartEnd> {
  const { item, verdict, service } = call;
  const now = deps.now(item.projectId);
  const intent = open ?? newIntent(call, now);
  // The payload is frozen with the first intent: every attempt sends the same bytes.
  const payload = open === null ? verdict.payload : unsealPayload(deps, open);
  const committed = await deps.commitIntent(item.projectId, {
    item,
    intentId: intent.id,
    position: call.position,
    service,
    effect: verdict.effect,
    key: call.key,
    payload,
    attempt: intent.attempt,
    gates: call.gates,
    moves: call.moves,
    credits: verdict.credits ?? null,
    writes: open === null ? (verdict.writes ?? []) : [],
    now,
    isReissue: open !== null,
  });
  if (committed.kind === 'lost' || !deps.mayAct(item)) return { kind: 'lost' };
  if (committed.kind === 'moved') return { kind: 'again', service, isReconnect: false };
  if (committed.kind === 'cancelled') return committed;
  if (committed.kind === 'no_credits') {
    return { kind: 'final', result: result(call.position, service, 'skipped', 'budget', now) };
  }
  const attempt = open === null ? 1 : open.attempt + 1;
  return make(deps, call, { ...intent, attempt }, payload, attempt);
}

function newIntent({ position, service, verdict, key }: Call, now: Date): OpenIntent {
  return {
    id: newId(),
    position,
    service,
    effect: verdict.effect,
    key,
    payload: Buffer.alloc(0),
    attempt: 1,
    account: verdict.credits?.account ?? null,
    credits: verdict.credits?.isFree === true ? 0 : (verdict.credits?.amount ?? 0),
    ageMs: 0,
    readAtMs: uptime(),
    createdAt: new Date(),
    sentAt: now,
  };
}

export function unsealPayload(deps: Pick<PerformDeps, 'ports'>, intent: OpenIntent): JsonObject {
  return JSON.parse(deps.ports.unseal(intent.payload)) as JsonObject; // we sealed an object
}

/** The call itself. Nothing is awaited between the last look at the lease and the first byte. */
async function make(
  deps: PerformDeps,
  call: Call,
  intent: OpenIntent | null,
  payload: JsonObject,
  attempt: number,
): Promise<PartEnd> {
  const { item, effect, verdict } = call;
  const started = uptime();
  const context = effectContext(deps, item, call.key, intent?.id ?? null, attempt);
  try {
    const made = await effect.perform(context, payload);
    deps.observeCall(verdict.effect, uptime() - started, true);
    deps.breaker.succeeded(verdict.lanes);
    return done(call, made, intent, deps.now(item.projectId), attempt);
  } catch (error) {
    deps.observeCall(verdict.effect, uptime() - started, false);
    return afterError(deps, { call, intent, payload, attempt, context }, error);
  }
}

export function effectContext(
  deps: Pick<PerformDeps, 'timing' | 'now' | 'mayAct'>,
  item: Item,
  key: string,
  intentId: string | null,
  attempt: number,
): EffectContext {
  return {
    projectId: item.projectId,
    fanId: item.fanId,
    key,
    intentId,
    attempt,
    now: deps.now(item.projectId),
    signal: AbortSignal.timeout(deps.timing.onceTimeoutMs),
    mayLeave: () => deps.mayAct(item),
  };
}

/** The call was carried out: found at once, or later by settling. */
export function done(
  call: { position: number; service: string },
  made: EffectResult,
  intent: OpenIntent | null,
  now: Date,
  attempt: number,
): PartEnd {
  return {
    kind: 'final',
    result: {
      ...result(call.position, call.service, 'done', made.reason ?? null, now),
      detail: made.detail ?? null,
      providerId: made.providerId ?? null,
      credits: intent?.credits ?? 0,
      attempts: attempt,
      writes: made.writes ?? [],
      events: made.events ?? [],
      items: made.items ?? [],
      tracks: made.tracks ?? null,
      intent: intent === null ? null : settled(intent, 'done', made.providerId ?? null, null),
    },
  };
}

/** A wait this long is worth a line in the record. */
const longLaneWaitMs = 5_000;

function laneWait(deps: PerformDeps, call: Call, lane: string, freeInMs: number): PartEnd {
  const { position, service, verdict } = call;
  const now = deps.now(call.item.projectId);
  if (now >= verdict.giveUpAt) {
    return { kind: 'final', result: result(position, service, 'skipped', 'stale', now) };
  }
  deps.onLaneWait();
  const waitingFor = {
    what: 'lane',
    until: new Date(now.getTime() + freeInMs).toISOString(),
    deadlineAt: verdict.giveUpAt.toISOString(),
  };
  const held = { ...result(position, service, 'held', 'lane', now), waitingFor };
  return wait(service, { lane, afterMs: freeInMs, shown: freeInMs > longLaneWaitMs ? held : null });
}
