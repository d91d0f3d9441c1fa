import type { LocalDate } from './holidays.ts';

/**
 * Wall time in IANA zones, fast enough to ask thousands of times a second: the platform's own zone
 * data is asked once per zone and quarter of an hour. Every change of an offset in force today
 * falls on a quarter of an hour of UTC, half-hour zones included.
 */
const quarterMs = 900_000;
const dayMs = 86_400_000;

/** Offsets kept per zone before they are forgotten: about three months of quarters. */
const maxOffsets = 10_000;

// Derived from constants of the platform alone, so shared by all callers without harm.
const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

export interface LocalTime extends LocalDate {
  /** Minutes after local midnight, seconds dropped. */
  minutes: number;
}

/** What a clock in `zone` shows at `instant` (milliseconds since 1970). Throws RangeError for an unknown zone. */
export function localTime(zone: string, instant: number): LocalTime {
  const local = instant + offsetAt(zone, instant);
  const date = new Date(local);
  const minutes = Math.floor((local - Math.floor(local / dayMs) * dayMs) / 60_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), minutes };
}

/**
 * The instant at which a clock in `zone` shows `minutes` after midnight on `date`. A time that the
 * clock shows twice: the first; one that it leaves out: as far after the jump as it lies in the gap.
 */
export function instantOf(zone: string, date: LocalDate, minutes: number): number {
  const asUtc = Date.UTC(date.year, date.month - 1, date.day) + minutes * 60_000;
  const before = offsetAt(zone, asUtc - dayMs);
  const after = offsetAt(zone, asUtc + dayMs);
  const candidates = [asUtc - before, asUtc - after].filter(
    (instant) => instant + offsetAt(zone, instant) === asUtc,
  );
  return candidates.length > 0 ? Math.min(...candidates) : asUtc - before;
}

/** Milliseconds that `zone` is ahead of UTC. */
export function offsetAt(zone: string, instant: number): number {
  const quarter = Math.floor(instant / quarterMs);
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    offsets.set(zone, known);
  }
  const cached = known.get(quarter);
  if (cached !== undefined) return cached;
  const offset = askOffset(zone, quarter * quarterMs);
  if (known.size >= maxOffsets) known.clear();
  known.set(quarter, offset);
  return offset;
}

function askOffset(zone: string, instant: number): number {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - instant;
}

/** Whether this machine knows a zone of this name. */
export function isZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, formatter);
  return formatter;
}
