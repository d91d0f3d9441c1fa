import type { CausedEvent, LocalWrite, NewItem, OutcomeStatus } from './contract.ts';
import type { IntentEnd } from './intents.ts';
import type { OpenIntent } from './item.ts';

/** One service's result in a step, with everything that is committed together with it. */
export interface StepResult {
  position: number;
  service: string;
  status: OutcomeStatus;
  reason: string | null;
  detail: string | null;
  providerId: string | null;
  credits: number;
  attempts: number;
  startedAt: Date;
  waitingFor: { what: string; until: string | null; deadlineAt: string } | null;
  writes: readonly LocalWrite[];
  events: readonly CausedEvent[];
  items: readonly NewItem[];
  /** Id of the item that keeps moving this outcome. */
  tracks: string | null;
  intent: IntentEnd | null;
}

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
