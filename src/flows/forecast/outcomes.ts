import type { Forecast } from './population.ts';

export type Outcome = Forecast['steps'][number]['outcomes'][number];
export type Fate = Pick<Outcome, 'status' | 'reason'>;

export const done: Fate = { status: 'done', reason: null };

export function skipped(reason: string): Fate {
  return { status: 'skipped', reason };
}

/** What waits for somebody, or is left out where the step says so. */
export function unmet(reason: string, onUnmet: 'defer' | 'skip'): Fate {
  return { status: onUnmet === 'skip' ? 'skipped' : 'deferred', reason };
}

/** Groups of fans by what becomes of them, the largest first. */
export function tally(groups: readonly (Fate & { fans: number })[]): Outcome[] {
  const found = new Map<string, Outcome>();
  for (const { status, reason, fans } of groups) {
    const key = `${status} ${reason}`;
    found.set(key, { status, reason, fans: (found.get(key)?.fans ?? 0) + fans });
  }
  return [...found.values()].filter(({ fans }) => fans > 0).sort((a, b) => b.fans - a.fans);
}
