import type { OutcomeStatus } from '#engine/contract.ts';
import type { PastFlow } from './facts.ts';
import type { PastFan } from './people.ts';

export interface Moment {
  status: OutcomeStatus;
  reason: string | null;
  at: Date;
}

/** What a step of a past run came to, and the way there. */
export interface PastStep {
  position: number;
  service: string;
  /** The last of them is how it stands. */
  history: [Moment, ...Moment[]];
  detail: string | null;
  attempts: number;
  /** Still to be done: a promise, a scheduled save, or a run that a pause holds. */
  open: { kind: 'promise' | 'save' | 'hold'; until: Date } | null;
  text: PastText | null;
}

export interface PastText {
  id: string;
  sentAt: Date;
  body: string;
  parts: number;
  class: 'reply' | 'marketing';
  state: 'done' | 'refused' | 'unknown';
  /** The carrier's last word; null: it refused at once, or nobody knows. */
  delivery: { status: 'delivered' | 'undelivered'; at: Date; reason: string | null } | null;
  hasOptOutWording: boolean;
}

export interface PastRun {
  id: string;
  eventId: string;
  flow: PastFlow;
  fan: PastFan;
  /** What the fan texted. */
  words: string;
  at: Date;
  /** Null while it is held. */
  endedAt: Date | null;
  state: 'open' | 'ended' | 'cancelled';
  steps: PastStep[];
}

const over: ReadonlySet<OutcomeStatus> = new Set(['done', 'skipped', 'failed', 'unknown']);

export function lastOf(step: PastStep): Moment {
  return step.history.at(-1) ?? step.history[0];
}

export function endOf(step: PastStep): Date | null {
  const { status, at } = lastOf(step);
  return over.has(status) ? at : null;
}

export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** A step with the given way; everything else as it usually is. */
export function pastStep(
  position: number,
  history: PastStep['history'],
  more: Partial<Omit<PastStep, 'position' | 'history'>> = {},
): PastStep {
  return { position, service: '', detail: null, attempts: 0, open: null, text: null, ...more, history };
}
