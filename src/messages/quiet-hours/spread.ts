/** Longest wait after an opening, so that a night's texts do not leave in one second (R47). */
export const spreadMs = 10 * 60_000;

/**
 * A moment up to ten minutes after `at`, before `until`, always the same for one seed (the fan's id)
 * and one opening, so that asking again does not move a text that already waits. R47.
 */
export function spread(at: Date, seed: string, until?: Date): Date {
  const room =
    until === undefined ? spreadMs : Math.max(0, Math.min(spreadMs, until.getTime() - at.getTime()));
  return new Date(at.getTime() + Math.floor(fraction(`${seed}:${at.getTime()}`) * room));
}

/** FNV-1a with a final mix (murmur3's), as a number from 0 up to, not including, 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
