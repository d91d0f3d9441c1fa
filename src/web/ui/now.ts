import { useSyncExternalStore } from 'react';

/**
 * What time it is in the project: a test project's clock can be ahead of the wall. `moveClock` is told
 * by how much; every relative time on the page follows.
 */
let offsetMs = 0;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now() + offsetMs;
  for (const listener of listeners) listener();
}

export function moveClock(toOffsetMs: number): void {
  if (toOffsetMs === offsetMs) return;
  offsetMs = toOffsetMs;
  tick();
}

/** The project's time, at most half a minute old; renders again as it goes on. */
export function useNow(): Date {
  const now = useSyncExternalStore(subscribe, () => nowMs);
  return new Date(now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 30_000);
  if (Date.now() + offsetMs - nowMs > 30_000) nowMs = Date.now() + offsetMs;
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
