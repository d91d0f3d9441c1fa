import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure, ConnectorError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type {
  Effect,
  EffectContext,
  EffectResult,
  GateRead,
  JsonObject,
  LaneCharge,
  LocalWrite,
  Part,
  Ports,
  Verdict,
} from './contract.ts';
import type { IntentEntry, IntentVerdict, IntentEnd } from './intents.ts';
import type { Item, OpenIntent } from './item.ts';
import type { Ride, Ticket } from './lanes.ts';
import { uptime } from './monotonic.ts';
import type { StepResult } from './record.ts';
import { result, settled } from './results.ts';
import { backoffMs, type Timing } from './timing.ts';

/** What became of one part of a step. */
export type PartEnd =
  | { kind: 'final'; result: StepResult }
  | {
      kind: 'wait';
      service: string;
      /** Domain time. */
      dueAt: Date | null;
      /** Real time by the database's clock. */
      notBefore: Date | null;
      lane: string;
      waitOn: readonly GateRead[];
      isAttempt: boolean;
      /** Shown while it waits. */
      shown: StepResult | null;
      /** An intent that stays open over the wait. */
      intent: OpenIntent | null;
    }
  /** The facts changed, or the credential died: look at the requirements again. */
  | { kind: 'again'; isReconnect: boolean }
  /** The lease is gone or this process may not act: drop the item, somebody else has it. */
  | { kind: 'lost' };

export type CallVerdict = Extract<Verdict, { kind: 'call' }>;

export interface PerformDeps {
  ports: Ports;
  timing: Timing;
  now: (projectId: string) => Date;
  mayStart: () => boolean;
  bookLanes: (projectId: string, ticket: Ticket) => Promise<Ride>;
  commitIntent: (projectId: string, entry: IntentEntry) => Promise<IntentVerdict>;
  blockLanes: (ids: readonly string[], until: Date, reason: string) => Promise<void>;
  breaker: {
    succeeded(lanes: readonly LaneCharge[]): void;
    failed(lanes: readonly LaneCharge[]): Date | null;
  };
  /** Keeps track of calls under way, for control marks. */
  track: <T>(call: Promise<T>) => Promise<T>;
  onBug: (error: unknown, item: Item) => void;
  onLaneWait: (freeAt: Date) => void;
  observeCall: (effect: string, ms: number, isOk: boolean) => void;
}

interface Call {
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
export async function performCall(
  deps: PerformDeps,
  item: Item,
  part: Part,
  open: OpenIntent | null,
): Promise<PartEnd> {
  const verdict = part.verdict as CallVerdict; // the caller dispatches on kind
  const effect = deps.ports.effects[verdict.effect];
  if (effect === undefined) throw new Error(`no effect is called ${verdict.effect}`);
  const key = `${item.runId ?? item.id}:${item.position}:${part.service}`;
  const call: Call = {
    item,
    position: item.position,
    service: part.service,
    verdict,
    gates: part.gates,
    moves: part.moves ?? [],
    effect,
    key,
  };

  const ride = await deps.bookLanes(item.projectId, {
    charges: verdict.lanes,
    priority: item.priority,
    gates: effect.class === 'repeatable' ? part.gates : [],
  });
  if (ride.kind === 'moved') return { kind: 'again', isReconnect: false };
  if (ride.kind === 'wait') return laneWait(deps, call, ride.lane, ride.freeAt, open);
  if (ride.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, ride.waitMs));
  if (!deps.mayStart()) return { kind: 'lost' };
  if (effect.class === 'repeatable') return make(deps, call, null, verdict.payload, item.attempt + 1);
  return intendAndMake(deps, call, open);
}

async function intendAndMake(deps: PerformDeps, call: Call, open: OpenIntent | null): Promise<PartEnd> {
  const { item, verdict } = call;
  const now = deps.now(item.projectId);
  const intent: OpenIntent = open ?? {
    id: newId(),
    position: call.position,
    service: call.service,
    effect: verdict.effect,
    key: call.key,
    payload: Buffer.alloc(0),
    attempt: 1,
    account: verdict.credits?.account ?? null,
    credits: verdict.credits?.amount ?? 0,
    ageMs: 0,
    readAtMs: uptime(),
    createdAt: new Date(),
    sentAt: now,
  };
  // The payload is frozen with the first intent: every attempt sends the same bytes.
  const payload = open === null ? verdict.payload : unsealPayload(deps, open);
  const committed = await deps.commitIntent(item.projectId, {
    item,
    intentId: intent.id,
    position: call.position,
    service: call.service,
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
  if (committed === 'lost' || !deps.mayStart()) return { kind: 'lost' };
  if (committed === 'moved') return { kind: 'again', isReconnect: false };
  if (committed === 'no_credits') return final(call, 'skipped', 'budget', now);
  const attempt = open === null ? 1 : open.attempt + 1;
  return make(deps, call, { ...intent, attempt, ageMs: 0, readAtMs: uptime() }, payload, attempt);
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
    const made = await deps.track(effect.perform(context, payload));
    deps.observeCall(verdict.effect, uptime() - started, true);
    deps.breaker.succeeded(verdict.lanes);
    return done(call, made, intent, deps.now(item.projectId), attempt);
  } catch (error) {
    deps.observeCall(verdict.effect, uptime() - started, false);
    return failed(deps, call, intent, payload, attempt, error, context);
  }
}

export function effectContext(
  deps: Pick<PerformDeps, 'timing' | 'now'>,
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
  };
}

export function done(
  call: { item: Item; position: number; service: string },
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

async function failed(
  deps: PerformDeps,
  call: Call,
  intent: OpenIntent | null,
  payload: JsonObject,
  attempt: number,
  error: unknown,
  context: EffectContext,
): Promise<PartEnd> {
  const { effect, item } = call;
  const now = deps.now(item.projectId);
  const isBug = !(error instanceof ConnectorError);
  if (isBug) deps.onBug(error, item);
  if (error instanceof RetryLater) return later(deps, call, intent, attempt, error, now);
  if (error instanceof Unsure || (isBug && intent !== null)) {
    return intent === null ? retry(deps, call, attempt, error, now) : unsettled(deps, call, intent);
  }
  if (isBug) return attempt >= 8 ? final(call, 'failed', 'bug', now) : retry(deps, call, attempt, error, now);
  // Refused for certain: nothing was sent, what was reserved is released.
  const end = intent === null ? null : settled(intent, 'refused', null, error.reason);
  const skip = error instanceof GiveUp ? error.skip : undefined;
  const learned = effect.onRefused?.(context, payload, skip);
  const writes = learned?.writes ?? [];
  if (learned?.lookAgain) return lookAgainWith(call, writes, end, now);
  if (error instanceof NeedsReconnect) {
    return end === null
      ? { kind: 'again', isReconnect: true }
      : refusal(call, 'failed', 'refused', error.reason, now, end, attempt, writes);
  }
  if (error instanceof Undeliverable) {
    return refusal(call, 'failed', 'undeliverable', error.reason, now, end, attempt, writes);
  }
  return skip === undefined
    ? refusal(call, 'failed', 'refused', error.reason, now, end, attempt, writes)
    : refusal(call, 'skipped', skip, error.reason, now, end, attempt, writes);
}

/** Commits what the refusal taught and evaluates the step anew at once. */
function lookAgainWith(call: Call, writes: readonly LocalWrite[], intent: IntentEnd | null, now: Date): PartEnd {
  const running = result(call.position, call.service, 'running', null, now);
  return {
    kind: 'wait',
    service: call.service,
    dueAt: now,
    notBefore: null,
    lane: '',
    waitOn: [],
    isAttempt: true,
    shown: { ...running, writes, intent, attempts: 1 },
    intent: null,
  };
}

function refusal(
  call: Call,
  status: 'failed' | 'skipped',
  reason: string,
  detail: string,
  now: Date,
  intent: IntentEnd | null,
  attempts: number,
  writes: readonly LocalWrite[],
): PartEnd {
  const base = result(call.position, call.service, status, reason, now);
  return { kind: 'final', result: { ...base, detail, intent, attempts, writes } };
}

function final(call: Call, status: 'failed' | 'skipped', reason: string, now: Date): PartEnd {
  return { kind: 'final', result: result(call.position, call.service, status, reason, now) };
}

/** Known not to have happened: wait as told, or back off; the intent, if any, is given back. */
async function later(
  deps: PerformDeps,
  call: Call,
  intent: OpenIntent | null,
  attempt: number,
  error: RetryLater,
  now: Date,
): Promise<PartEnd> {
  const end = intent === null ? null : settled(intent, 'refused', null, error.reason);
  const lanes = call.verdict.lanes;
  const blockedUntil = error.isLaneWide && error.at !== undefined ? error.at : deps.breaker.failed(lanes);
  if (blockedUntil !== null && lanes.length > 0) {
    await deps.blockLanes(
      lanes.map((lane) => lane.id),
      blockedUntil,
      error.reason,
    );
    deps.onLaneWait(blockedUntil);
  }
  if (now >= call.verdict.giveUpAt) {
    return refusal(call, 'failed', 'gave_up', error.reason, now, end, attempt, []);
  }
  const wait = retryLater(deps, call, now);
  if (blockedUntil !== null && lanes.length > 0) Object.assign(wait, { lane: lanes[0]!.id, dueAt: null });
  if (intent === null) return wait;
  // A provider that honours the key must see the same payload again: that intent stays open.
  if (call.effect.class === 'keyed') return { ...wait, intent };
  const running = result(call.position, call.service, 'running', null, now);
  return { ...wait, shown: { ...running, intent: end, attempts: 1 } };
}

function retry(deps: PerformDeps, call: Call, attempt: number, error: unknown, now: Date): PartEnd {
  if (now < call.verdict.giveUpAt) return retryLater(deps, call, now);
  const base = result(call.position, call.service, 'failed', 'gave_up', now);
  const detail = error instanceof ConnectorError ? error.reason : null;
  return { kind: 'final', result: { ...base, detail, attempts: attempt } };
}

function retryLater(deps: PerformDeps, call: Call, now: Date): Extract<PartEnd, { kind: 'wait' }> {
  return {
    kind: 'wait',
    service: call.service,
    dueAt: new Date(now.getTime() + backoffMs(deps.timing, call.item.attempt)),
    notBefore: null,
    lane: '',
    waitOn: [],
    isAttempt: true,
    shown: null,
    intent: null,
  };
}

/** It may have gone out: leave the intent open and come back when it can be settled. */
function unsettled(deps: PerformDeps, call: Call, intent: OpenIntent): PartEnd {
  return {
    kind: 'wait',
    service: call.service,
    dueAt: null,
    notBefore: new Date(Date.now() + deps.timing.settleAfterMs),
    lane: '',
    waitOn: [],
    isAttempt: false,
    shown: null,
    intent,
  };
}

function laneWait(
  deps: PerformDeps,
  call: Call,
  lane: string,
  freeAt: Date,
  open: OpenIntent | null,
): PartEnd {
  deps.onLaneWait(freeAt);
  const now = deps.now(call.item.projectId);
  if (now >= call.verdict.giveUpAt) return final(call, 'skipped', 'stale', now);
  const { position, service } = call;
  // A short wait is not worth a line in the record.
  const isLong = freeAt.getTime() - Date.now() > 5_000;
  const waitingFor = {
    what: 'lane',
    until: freeAt.toISOString(),
    deadlineAt: call.verdict.giveUpAt.toISOString(),
  };
  return {
    kind: 'wait',
    service,
    dueAt: null,
    notBefore: null,
    lane,
    waitOn: [],
    isAttempt: false,
    shown: isLong ? { ...result(position, service, 'held', 'lane', now), waitingFor } : null,
    intent: open,
  };
}
