import type { Meter } from '../connector.ts';
import { pacificDay } from '../kit/pacific-day.ts';

/** What calls cost, by Google's table. */
export const units = { read: 1, change: 50 } as const;

/**
 * Counts units over all processes, before the call: what is counted and not used is lost, as it is at
 * Google. False: the day has no more.
 */
export async function takeUnits(
  meter: Meter | undefined,
  cost: number,
  perDay: number,
  now: Date,
): Promise<boolean> {
  if (meter === undefined) return true;
  return meter.take({ bucket: 'units', day: pacificDay(now), units: cost, limit: perDay });
}
