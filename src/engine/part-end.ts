import type { GateRead } from './contract.ts';
import type { StepResult } from './results.ts';

/** A part that is not over: when, or on what, it is to be looked at again. */
export interface Wait {
  kind: 'wait';
  service: string;
  /** Domain time. */
  dueAt: Date | null;
  /** Real time, by the database's clock, from the commit on. */
  afterMs: number | null;
  /** Refused by this lane: looked at when it has room. */
  lane: string;
  waitOn: readonly GateRead[];
  /** Counts as an attempt. */
  isAttempt: boolean;
  /** What the record shows while it waits; null leaves there what stands. */
  shown: StepResult | null;
}

/** What became of one part of a step in one round. */
export type PartEnd =
  | { kind: 'final'; result: StepResult }
  | Wait
  /** The facts changed, or the credential died: look at the requirements again. */
  | { kind: 'again'; service: string; isReconnect: boolean }
  /** The item was cancelled: nothing more may start. */
  | { kind: 'cancelled'; reason: string }
  /** The lease is gone or this process may not act: drop the item, somebody else has it. */
  | { kind: 'lost' };

/** A wait with nothing but its service; the caller spreads what else there is over it. */
export function wait(service: string, change: Partial<Omit<Wait, 'kind' | 'service'>>): Wait {
  return {
    kind: 'wait',
    service,
    dueAt: null,
    afterMs: null,
    lane: '',
    waitOn: [],
    isAttempt: false,
    shown: null,
    ...change,
  };
}
