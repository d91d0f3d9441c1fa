import type { LaneCharge } from './contract.ts';
import { uptime } from './monotonic.ts';

/** Failures in a row after which a lane is taken for broken. */
const threshold = 5;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Takes an outage off its lane alone: after five failures in a row the lane is blocked, longer each
 * time, and the next success closes the matter. Counted per process: each finds out by itself.
 */
export function createBreaker(now: () => number = uptime) {
  const lines = new Map<string, { failures: number; openUntil: number }>();
  return {
    succeeded(lanes: readonly LaneCharge[]): void {
      if (lines.size > 0) for (const lane of lanes) lines.delete(lane.id);
    },
    /** For how many milliseconds the lanes are to be blocked, or null to go on. */
    failed(lanes: readonly LaneCharge[]): number | null {
      let pauseMs: number | null = null;
      for (const { id } of lanes) {
        const line = lines.get(id) ?? { failures: 0, openUntil: -Infinity };
        lines.set(id, line);
        // Calls that were under way when the lane was blocked say nothing new.
        if (now() < line.openUntil) continue;
        line.failures++;
        if (line.failures < threshold) continue;
        pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (line.failures - threshold));
        line.openUntil = now() + pauseMs;
      }
      return pauseMs;
    },
  };
}

export type Breaker = ReturnType<typeof createBreaker>;
