import { z } from 'zod';
import type { LaneRate } from '../connector.ts';

const usualCallsPerSecond = 10;

/** Setting of a service that publishes no rate: how many calls a second its app may make. */
export const callsPerSecond = z
  .number()
  .int()
  .min(1)
  .max(10_000)
  .optional()
  .meta({
    title: 'Calls per second',
    description: `Optional, ${usualCallsPerSecond} if empty. Raise it only to what the service has agreed to; lower it if it answers "too many requests" often.`,
  });

/** The lane of such an app; it may be two seconds ahead. */
export function callRate(perSecond: number = usualCallsPerSecond): LaneRate {
  return { count: perSecond, periodMs: 1_000, burst: perSecond * 2 };
}
