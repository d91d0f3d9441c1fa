import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';
import { demo } from './facts.ts';

/** Midnight where the artist lives, eleven days from now: never later than eleven times 24 hours, but for a change of the clocks. */
export function releaseDay(now: Date): Date {
  const today = localTime(demo.zone, now.getTime());
  // Days beyond the end of a month are the next month's: `Date.UTC` counts on.
  const day = new Date(Date.UTC(today.year, today.month - 1, today.day + demo.daysAhead));
  const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  return new Date(instantOf(demo.zone, date, 0));
}
