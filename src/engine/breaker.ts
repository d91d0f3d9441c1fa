import type { LaneCharge } from './contract.ts';

/** Failures in a row after which a lane is taken for broken. */
const threshold = 5;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Takes an outage off its lane alone: after five failures in a row the lane is blocked, longer each
 * time, and the next success closes the matter. Counted per process: each finds out by itself.
 */
export function createBreaker(now: () => Date = () => new Date()) {
  const failures = new Map<string, number>();
  return {
    succeeded(lanes: readonly LaneCharge[]): void {
      if (failures.size > 0) for (const lane of lanes) failures.delete(lane.id);
    },
    /** Until when the lanes are to be blocked, or null to go on. */
    failed(lanes: readonly LaneCharge[]): Date | null {
      let worst = 0;
      for (const { id } of lanes) {
        const count = (failures.get(id) ?? 0) + 1;
        failures.set(id, count);
        worst = Math.max(worst, count);
      }
      if (worst < threshold) return null;
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (worst - threshold));
      return new Date(now().getTime() + pauseMs);
    },
  };
}
