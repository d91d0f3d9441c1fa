/** Calls of the last `windowMs`; over the limit: milliseconds until the oldest leaves the window. */
export function createRateWindow(now: () => Date, windowMs: number): (limit: number | null) => number | null {
  let times: number[] = [];
  return (limit) => {
    if (limit === null) return null;
    const nowMs = now().getTime();
    times = times.filter((time) => time > nowMs - windowMs);
    const oldest = times[0];
    if (times.length >= limit && oldest !== undefined) return oldest + windowMs - nowMs;
    times.push(nowMs);
    return null;
  };
}
