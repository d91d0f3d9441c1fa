import { ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import type { EffectContext, JsonObject, LocalWrite } from './contract.ts';
import type { IntentEnd } from './intents.ts';
import type { OpenIntent } from './item.ts';
import { wait, type PartEnd, type Wait } from './part-end.ts';
import type { Call, PerformDeps } from './perform.ts';
import { result, settled, type StepResult } from './results.ts';
import { backoffMs, maxBugs } from './timing.ts';
import { isUnavailable } from './unavailable.ts';

/** A call that threw. */
interface Attempt {
  call: Call;
  intent: OpenIntent | null;
  payload: JsonObject;
  attempt: number;
  context: EffectContext;
}

/**
 * What an error means, decided from its class alone (lib/errors.ts): known not to have happened,
 * refused, or maybe carried out. Where a repeat would reach the fan twice, everything that is not
 * one of the named four may have been carried out.
 */
export async function afterError(deps: PerformDeps, made: Attempt, error: unknown): Promise<PartEnd> {
  const { call, intent, attempt } = made;
  const now = deps.now(call.item.projectId);
  if (error instanceof RetryLater) return later(deps, made, error, now);
  if (error instanceof GiveUp || error instanceof Undeliverable || error instanceof NeedsReconnect) {
    return refused(made, error, now);
  }
  const isBug = !(error instanceof ConnectorError) && !isUnavailable(error);
  if (isBug) deps.onBug(error, call.item);
  else await countOutage(deps, call, String(error));
  // It may have gone out: the intent stays open until it can be settled.
  if (intent !== null) return wait(call.service, { afterMs: deps.timing.settleAfterMs });
  if (isUnavailable(error)) return wait(call.service, { afterMs: deps.timing.pollMs });
  const isOver = isBug ? attempt >= maxBugs : now >= call.verdict.giveUpAt;
  if (!isOver) return backOff(deps, call, now);
  const detail = error instanceof Unsure ? error.reason : null;
  return ended(made, { status: 'failed', reason: isBug ? 'bug' : 'gave_up', detail }, now);
}

/** Refused for certain: nothing was sent, what was reserved is released. */
function refused(made: Attempt, error: GiveUp | Undeliverable | NeedsReconnect, now: Date): PartEnd {
  const { call, intent, payload, context } = made;
  const skip = error instanceof GiveUp ? error.skip : undefined;
  const learned = call.effect.onRefused?.(context, payload, skip);
  const writes = learned?.writes ?? [];
  if (learned?.lookAgain) return lookAgain(made, error.reason, writes, now);
  if (error instanceof NeedsReconnect && intent === null) {
    return { kind: 'again', service: call.service, isReconnect: true };
  }
  const reason = error instanceof Undeliverable ? 'undeliverable' : (skip ?? 'refused');
  const status = skip === undefined ? 'failed' : 'skipped';
  return ended(made, { status, reason, detail: error.reason, writes }, now);
}

/** Commits what the refusal taught, and evaluates the step anew in its light. */
function lookAgain(
  { call, intent }: Attempt,
  why: string,
  writes: readonly LocalWrite[],
  now: Date,
): PartEnd {
  const running = result(call.position, call.service, 'running', null, now);
  const shown = { ...running, writes, intent: released(intent, why), attempts: 1 };
  return wait(call.service, { dueAt: now, isAttempt: true, shown });
}

/** The step is over; an intent under way is known not to have reached anybody. */
function ended({ call, intent, attempt }: Attempt, change: Partial<StepResult>, now: Date): PartEnd {
  const base = result(call.position, call.service, 'failed', null, now);
  return {
    kind: 'final',
    result: { ...base, attempts: attempt, intent: released(intent, change.detail ?? null), ...change },
  };
}

function released(intent: OpenIntent | null, reason: string | null): IntentEnd | null {
  return intent === null ? null : settled(intent, 'refused', null, reason);
}

/** Known not to have happened: wait as told, or back off; the intent, if any, is given back. */
async function later(deps: PerformDeps, made: Attempt, error: RetryLater, now: Date): Promise<PartEnd> {
  const { call, intent } = made;
  const toldMs = error.at === undefined ? null : Math.max(0, error.at.getTime() - Date.now());
  const blockedMs =
    error.isLaneWide && toldMs !== null
      ? await block(deps, call, toldMs, error.reason)
      : await countOutage(deps, call, error.reason);
  if (now >= call.verdict.giveUpAt) {
    return ended(made, { status: 'failed', reason: 'gave_up', detail: error.reason }, now);
  }
  const waiting = retryAt(deps, call, now, toldMs, blockedMs);
  // A provider that honours the key must see the same payload again: that intent stays open.
  if (intent === null || call.effect.class === 'keyed') return waiting;
  const running = result(call.position, call.service, 'running', null, now);
  return { ...waiting, shown: { ...running, intent: released(intent, error.reason), attempts: 1 } };
}

function retryAt(
  deps: PerformDeps,
  call: Call,
  now: Date,
  toldMs: number | null,
  blockedMs: number | null,
): Wait {
  const lane = call.verdict.lanes[0];
  if (blockedMs !== null && lane !== undefined) {
    return wait(call.service, { lane: lane.id, afterMs: blockedMs, isAttempt: true });
  }
  if (toldMs !== null) return wait(call.service, { afterMs: toldMs, isAttempt: true });
  return backOff(deps, call, now);
}

function backOff(deps: PerformDeps, call: Call, now: Date): Wait {
  const dueAt = new Date(now.getTime() + backoffMs(deps.timing, call.item.attempt));
  return wait(call.service, { dueAt, isAttempt: true });
}

/** An answer that says the service is unwell: enough of them in a row block its lanes. */
async function countOutage(deps: PerformDeps, call: Call, reason: string): Promise<number | null> {
  const pauseMs = deps.breaker.failed(call.verdict.lanes);
  return pauseMs === null ? null : block(deps, call, pauseMs, reason);
}

async function block(deps: PerformDeps, call: Call, ms: number, reason: string): Promise<number | null> {
  const ids = call.verdict.lanes.map((lane) => lane.id);
  if (ids.length === 0) return null;
  deps.onLaneWait();
  // Not being able to say so must not change what became of the call.
  return deps.blockLanes(ids, ms, reason).then(
    () => ms,
    () => null,
  );
}
