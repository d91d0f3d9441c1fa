import type { OutcomeStatus } from './contract.ts';
import type { IntentEnd } from './intents.ts';
import type { OpenIntent } from './item.ts';
import type { StepResult } from './record.ts';

/** A result with nothing but its status; the caller spreads what else there is over it. */
export function result(
  position: number,
  service: string,
  status: OutcomeStatus,
  reason: string | null,
  now: Date,
): StepResult {
  return {
    position,
    service,
    status,
    reason,
    detail: null,
    providerId: null,
    credits: 0,
    attempts: 0,
    startedAt: now,
    waitingFor: null,
    writes: [],
    events: [],
    items: [],
    tracks: null,
    intent: null,
  };
}

/** How an open intent ends. */
export function settled(
  intent: OpenIntent,
  state: IntentEnd['state'],
  providerId: string | null,
  reason: string | null,
): IntentEnd {
  return {
    id: intent.id,
    state,
    providerId,
    reason,
    account: intent.account,
    credits: intent.credits,
    sentAt: intent.sentAt,
  };
}
