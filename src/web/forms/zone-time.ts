/** The instant at which a clock in `zone` shows this date and time; one that it leaves out: just after the gap. */
export function instantIn(zone: string, date: string, time: string): Date {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  // The offset of a moment near by, then of the moment itself: they differ only over a change of clocks.
  const near = asUtc - offsetIn(zone, asUtc);
  return new Date(asUtc - offsetIn(zone, near));
}

/** What a clock in `zone` shows at an instant, as date and time fields hold it. */
export function clockIn(zone: string, at: string): { date: string; time: string } {
  const ms = Date.parse(at);
  const local = new Date(ms + offsetIn(zone, ms)).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 16) };
}

/** Milliseconds that `zone` is ahead of UTC. */
function offsetIn(zone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',

    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(ms / 1000) * 1000;
}
