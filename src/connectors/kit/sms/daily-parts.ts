import type { ClientOptions } from '../../connector.ts';
import { waitAll } from '../answers.ts';
import { msUntilNewDay, pacificDay } from '../pacific-day.ts';
import { countParts } from './parts.ts';

/**
 * Counts the parts of a text before it leaves, over all processes; what is counted and not sent is
 * lost. Throws `RetryLater` for the whole lane, until midnight in California, when the day has no
 * more. Without a limit, or where nobody counts: nothing.
 */
export async function takeParts(
  { meter, now }: Pick<ClientOptions, 'meter' | 'now'>,
  perDay: number | undefined,
  body: string,
): Promise<void> {
  if (meter === undefined || perDay === undefined) return;
  const use = { bucket: 'parts', day: pacificDay(now()), units: countParts(body), limit: perDay };
  if (await meter.take(use)) return;
  throw waitAll(
    `The ${perDay.toLocaleString('en')} parts a day of this connection are used up; it goes on at midnight Pacific time.`,
    msUntilNewDay(now()),
  );
}
