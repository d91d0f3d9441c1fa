import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';
import { demo } from './facts.ts';

/**
 * Midnight where the artist lives, eleven days from now, or as many as are said: never later than that
 * many times 24 hours, but for a change of the clocks.
 */
export function releaseDay(now: Date, days: number = demo.daysAhead): Date {
  const today = localTime(demo.zone, now.getTime());
  // Days beyond the end of a month are the next month's: `Date.UTC` counts on.
  const day = new Date(Date.UTC(today.year, today.month - 1, today.day + days));
  const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  return new Date(instantOf(demo.zone, date, 0));
}
