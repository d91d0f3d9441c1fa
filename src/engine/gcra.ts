/**
 * The generic cell rate algorithm over one lane row. Times are milliseconds of one clock.
 *
 * A lane lets `count` units pass in `periodMs`, at most `burst` of them at once after a rest.
 * `tat` is the theoretical arrival time of the next unit: the lane is that far used up.
 */
export interface Lane {
  tatMs: number;
  count: number;
  periodMs: number;
  burst: number;
  blockedUntilMs: number | null;
}

export type Booking = { startMs: number; tatMs: number } | { freeAtMs: number };

/**
 * Books `cost` units if they can start within `patienceMs`; otherwise books nothing and says when
 * to ask again. A cost above the burst passes alone from a rested lane, or it never would.
 */
export function book(lane: Lane, cost: number, nowMs: number, patienceMs: number): Booking {
  if (lane.blockedUntilMs !== null && lane.blockedUntilMs > nowMs + patienceMs) {
    return { freeAtMs: lane.blockedUntilMs };
  }
  const unitMs = lane.periodMs / lane.count;
  const tolerance = Math.max(lane.burst, cost) * unitMs;
  const base = Math.max(lane.tatMs, nowMs, lane.blockedUntilMs ?? 0);
  const tatMs = base + cost * unitMs;
  const startMs = Math.max(nowMs, tatMs - tolerance, lane.blockedUntilMs ?? 0);
  if (startMs > nowMs + patienceMs) return { freeAtMs: startMs };
  return { startMs, tatMs };
}

/** Units that may start right now. */
export function freeUnits(lane: Lane, nowMs: number): number {
  if (lane.blockedUntilMs !== null && lane.blockedUntilMs > nowMs) return 0;
  const unitMs = lane.periodMs / lane.count;
  return Math.max(0, Math.floor((nowMs + lane.burst * unitMs - Math.max(lane.tatMs, nowMs)) / unitMs));
}
