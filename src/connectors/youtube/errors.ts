import { z } from 'zod';
import { GiveUp, RetryLater, type ConnectorError } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { parseJson, redact, tooMany, unreadable, waitAll } from '../kit/answers.ts';
import { msUntilNewDay } from '../kit/pacific-day.ts';

const errorBody = z.object({
  error: z.object({
    message: z.string().catch(''),
    errors: z.array(z.object({ reason: z.string().catch('') })).catch([]),
  }),
});

export const usualWaitMs = 60_000;
const quotaReasons = new Set(['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceededUnreg']);
const rateReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

/** The reason of a refusal, such as `subscriptionDuplicate`; empty: it has none. */
export function reasonOf(response: HttpResponse): string {
  const parsed = errorBody.safeParse(parseJson(response.text));
  return parsed.success ? (parsed.data.error.errors[0]?.reason ?? '') : '';
}

/** An answer that is not a success → the error to throw. Google says most things by 403 and a reason. */
export function toYoutubeError(
  response: HttpResponse,
  what: string,
  secrets: readonly string[],
  now: Date,
): ConnectorError {
  const { status } = response;
  const parsed = errorBody.safeParse(parseJson(response.text));
  const message = parsed.success ? parsed.data.error.message : '';
  const reason = reasonOf(response);
  const words = [reason, message].filter(Boolean).join(': ');
  const said = `YouTube: ${what}: ${status}${words === '' ? '' : ` ${redact(words, secrets)}`}`;
  if (quotaReasons.has(reason)) return quotaUsedUp(now);
  if (status === 429 || rateReasons.has(reason))
    return tooMany(`YouTube: too many requests (${status})`, response, usualWaitMs);
  if (status >= 500 || status === 408 || status === 401) return new RetryLater(said);
  if (status < 400) return unreadable('YouTube', what, status);
  // Her own number of new subscriptions a day, which YouTube does not name: tomorrow it may do.
  if (reason === 'subscriptionForbidden') {
    return new RetryLater(said, new Date(Date.now() + msUntilNewDay(now)), { isLaneWide: false });
  }
  return new GiveUp(said);
}

/** Everything waits for the next day, which begins at midnight in California. */
export function quotaUsedUp(now: Date): RetryLater {
  const wait = msUntilNewDay(now);
  return waitAll('YouTube: the units of the day are used up; it goes on at midnight Pacific time', wait);
}
