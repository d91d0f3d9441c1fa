/** Wall time of a zone, by the platform's own table: the app's arithmetic is what is tested. */
export function wallTime(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** "30 September", as texts say a day. */
export function dayIn(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'long' }).format(at);
}

/** Until the walls of `zone` next show `time` (`14:00`), to the second. */
export function msUntil(now: Date, zone: string, time: string): number {
  const minuteMs = 60_000;
  const start = Math.ceil((now.getTime() + 1) / minuteMs) * minuteMs;
  // Day and a half: also over a change of the clocks.
  for (let at = start; at < start + 36 * 60 * minuteMs; at += minuteMs) {
    if (wallTime(new Date(at), zone) === time) return at - now.getTime();
  }
  throw new Error(`no wall of ${zone} shows ${time}`);
}
