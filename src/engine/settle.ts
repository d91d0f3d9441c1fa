import { RetryLater } from '#lib/errors.ts';
import type { Part } from './contract.ts';
import type { Item, OpenIntent } from './item.ts';
import { uptime } from './monotonic.ts';
import {
  done,
  effectContext,
  performCall,
  unsealPayload,
  type PartEnd,
  type PerformDeps,
} from './perform.ts';
import { result, settled } from './results.ts';
import { backoffMs } from './timing.ts';

/** After this age nobody will find out any more. */
const hopelessAfterMs = 24 * 60 * 60_000;

/**
 * Finds out what became of a call whose end nobody saw: after a crash, or after an `Unsure`. It is
 * never simply repeated. Found: its outcome. Certainly not carried out: sent once more, under the
 * same intent and after a new look at the requirements. Cannot be known: `unknown`, shown as such.
 */
export async function settleIntent(
  deps: PerformDeps,
  item: Item,
  intent: OpenIntent,
  evaluate: () => Promise<Part[]>,
): Promise<PartEnd> {
  const effect = deps.ports.effects[intent.effect];
  const ageMs = intent.ageMs + (uptime() - intent.readAtMs);
  const call = { item, position: intent.position, service: intent.service };
  const now = deps.now(item.projectId);
  if (effect?.class === 'keyed' && ageMs < (effect.windowMs ?? 0))
    return sendAgain(deps, item, intent, evaluate);
  if (ageMs < deps.timing.settleAfterMs) {
    return waiting(intent, { notBefore: new Date(Date.now() + deps.timing.settleAfterMs - ageMs) });
  }
  if (effect?.settle === undefined) return unknown(intent, now);
  const context = effectContext(deps, item, intent.key, intent.id, intent.attempt);
  try {
    const found = await deps.track(effect.settle(context, unsealPayload(deps, intent), intent.createdAt));
    if (found !== null) return done(call, found, intent, now, intent.attempt);
  } catch (error) {
    if (!(error instanceof RetryLater)) deps.onBug(error, item);
    if (ageMs > hopelessAfterMs) return unknown(intent, now);
    return waiting(intent, {
      notBefore: new Date(Date.now() + backoffMs(deps.timing, item.attempt)),
      isAttempt: true,
    });
  }
  if (item.cancel !== null) return notSent(intent, now);
  return intent.attempt >= 2 ? unknown(intent, now) : sendAgain(deps, item, intent, evaluate);
}

async function sendAgain(
  deps: PerformDeps,
  item: Item,
  intent: OpenIntent,
  evaluate: () => Promise<Part[]>,
): Promise<PartEnd> {
  const parts = await evaluate();
  const part = parts.find((one) => one.service === intent.service);
  if (part?.verdict.kind === 'call') return performCall(deps, item, part, intent);
  // What was allowed then is not allowed now. The intent is over; the step gets its new verdict.
  const now = deps.now(item.projectId);
  if (part?.verdict.kind === 'skip') {
    const skip = result(intent.position, intent.service, 'skipped', part.verdict.reason, now);
    return {
      kind: 'final',
      result: { ...skip, intent: settled(intent, 'refused', null, part.verdict.reason) },
    };
  }
  return waiting(intent, {
    notBefore: new Date(Date.now() + backoffMs(deps.timing, item.attempt)),
    isAttempt: true,
  });
}

function waiting(intent: OpenIntent, wait: { notBefore: Date; isAttempt?: boolean }): PartEnd {
  return {
    kind: 'wait',
    service: intent.service,
    dueAt: null,
    notBefore: wait.notBefore,
    lane: '',
    waitOn: [],
    isAttempt: wait.isAttempt ?? false,
    shown: null,
    intent,
  };
}

function unknown(intent: OpenIntent, now: Date): PartEnd {
  const base = result(intent.position, intent.service, 'unknown', 'maybe_done', now);
  return {
    kind: 'final',
    result: { ...base, attempts: intent.attempt, intent: settled(intent, 'unknown', null, 'maybe_done') },
  };
}

function notSent(intent: OpenIntent, now: Date): PartEnd {
  const base = result(intent.position, intent.service, 'skipped', 'cancelled', now);
  return { kind: 'final', result: { ...base, intent: settled(intent, 'refused', null, 'cancelled') } };
}
