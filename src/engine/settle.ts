import { RetryLater, Unsure } from '#lib/errors.ts';
import type { Part } from './contract.ts';
import type { Item, OpenIntent } from './item.ts';
import { uptime } from './monotonic.ts';
import { wait, type PartEnd } from './part-end.ts';
import { done, effectContext, performCall, unsealPayload, type PerformDeps } from './perform.ts';
import { result, settled } from './results.ts';
import { backoffMs } from './timing.ts';
import { isUnavailable } from './unavailable.ts';

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
  const now = deps.now(item.projectId);
  const isCancelled = item.cancel !== null;
  const isRecognised = effect?.class === 'keyed' && ageMs < (effect.windowMs ?? 0);
  if (isRecognised && !isCancelled) return sendAgain(deps, item, intent, evaluate, unknown);
  const leftMs = deps.timing.settleAfterMs - ageMs;
  if (leftMs > 0) return wait(intent.service, { afterMs: leftMs });
  if (effect?.settle === undefined) return unknown(intent, now);
  const context = effectContext(deps, item, intent.key, intent.id, intent.attempt);
  try {
    const found = await effect.settle(context, unsealPayload(deps, intent), intent.createdAt);
    if (found !== null) return done(intent, found, intent, now, intent.attempt);
  } catch (error) {
    // The effect says that nobody can tell.
    if (error instanceof Unsure) return unknown(intent, now);
    if (!(error instanceof RetryLater) && !isUnavailable(error)) deps.onBug(error, item);
    if (ageMs > hopelessAfterMs) return unknown(intent, now);
    return wait(intent.service, { afterMs: backoffMs(deps.timing, item.attempt), isAttempt: true });
  }
  if (isCancelled) return notSent(intent, now, item.cancel ?? 'cancelled');
  return intent.attempt >= 2 ? unknown(intent, now) : sendAgain(deps, item, intent, evaluate, notSent);
}

async function sendAgain(
  deps: PerformDeps,
  item: Item,
  intent: OpenIntent,
  evaluate: () => Promise<Part[]>,
  /** What the first sending counts as when there is to be no second. */
  ending: (intent: OpenIntent, now: Date, reason: string) => PartEnd,
): Promise<PartEnd> {
  const part = (await evaluate()).find((one) => one.service === intent.service);
  if (part?.verdict.kind === 'call') return performCall(deps, item, part, part.verdict, intent);
  // What was allowed then is not allowed now. The intent is over; the step gets its new verdict.
  const now = deps.now(item.projectId);
  if (part?.verdict.kind === 'skip') return ending(intent, now, part.verdict.reason);
  // Certainly not sent, and now it has to wait: the step waits as one that was never tried.
  if (part !== undefined && ending === notSent) return released(intent, now);
  return wait(intent.service, {
    afterMs: backoffMs(deps.timing, item.attempt),
    waitOn: part?.gates ?? [],
    isAttempt: true,
  });
}

function released(intent: OpenIntent, now: Date): PartEnd {
  const running = result(intent.position, intent.service, 'running', null, now);
  const end = settled(intent, 'refused', null, null);
  return wait(intent.service, {
    dueAt: now,
    isAttempt: true,
    shown: { ...running, intent: end, attempts: 1 },
  });
}

function unknown(intent: OpenIntent, now: Date): PartEnd {
  const base = result(intent.position, intent.service, 'unknown', 'maybe_done', now);
  const end = settled(intent, 'unknown', null, 'maybe_done');
  return { kind: 'final', result: { ...base, attempts: intent.attempt, intent: end } };
}

function notSent(intent: OpenIntent, now: Date, reason: string): PartEnd {
  const base = result(intent.position, intent.service, 'skipped', reason, now);
  return { kind: 'final', result: { ...base, intent: settled(intent, 'refused', null, reason) } };
}
