/** Times of the engine, milliseconds. Tests shorten them; the defaults are what production runs on. */
export interface Timing {
  /** A worker says that it lives this often. */
  heartbeatMs: number;
  /** This long after its last good heartbeat a worker starts no more calls (its own monotonic clock). */
  startStopMs: number;
  /** This long after it, by the database's clock, its leases are anybody's. Longer than startStop. */
  leaseMs: number;
  /** A once-call is cut off after this: so that none is still under way when it is settled. */
  onceTimeoutMs: number;
  /** An open intent is settled not before this age. Longer than onceTimeout. */
  settleAfterMs: number;
  /** Idle workers look for due work this often. */
  pollMs: number;
  /** While work waits on a lane. */
  lanePollMs: number;
  /** First wait after a failure; doubles up to `backoffMaxMs`. Domain time. */
  backoffMs: number;
  backoffMaxMs: number;
}

export const defaultTiming: Timing = {
  heartbeatMs: 1_000,
  startStopMs: 3_000,
  leaseMs: 5_000,
  onceTimeoutMs: 10_000,
  settleAfterMs: 12_000,
  pollMs: 1_000,
  lanePollMs: 100,
  backoffMs: 1_000,
  backoffMaxMs: 15 * 60_000,
};

/** Exponential with full jitter in its upper half: never shorter than half the step. */
export function backoffMs(timing: Timing, attempt: number, random = Math.random()): number {
  const step = Math.min(timing.backoffMaxMs, timing.backoffMs * 2 ** Math.min(attempt, 20));
  return step / 2 + (step / 2) * random;
}

/** So many errors of no known class end a step: it is a bug, and the artist sees it. */
export const maxBugs = 8;
