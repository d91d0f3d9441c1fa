import { systemClock } from '#lib/clock.ts';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { z } from 'zod';

/**
 * What the Web API's refusals mean. Every call that Segue makes may be repeated without harm
 * (saving or following twice changes nothing), so whatever leaves its end open is `RetryLater`.
 */

const apiErrorBody = z.object({
  error: z.object({ message: z.string().catch(''), reason: z.string().optional().catch(undefined) }),
});

/** Rates are counted over the last 30 seconds, so that long an unspecified 429 lasts at most. */
const rateWindowMs = 30_000;
/** The daily quota comes back slowly, and asking meanwhile is counted against the account. */
const quotaPauseMs = 6 * 3_600_000;
/** A longer wait than this is not believed: somebody has to look. */
const longestWaitMs = 7 * 24 * 3_600_000;

export const refusals = {
  scope: 'Spotify: the fan has not allowed this action; they have to connect again and allow it (403 scope)',
  notRegistered:
    'Spotify: this fan is not entered under User Management of the app, which is in development mode (403 user not registered)',
  premium:
    "Spotify: the app has stopped because its owner's Premium subscription lapsed; renew it (403 premium required)",
  endpoint: 'Spotify: this app may not use the call (403)',
} as const;

/** An answer that is not a success → the error to throw. 401 is the caller's, who can renew the token. */
export function toApiError(
  response: HttpResponse,
  what: string,
  secrets: readonly string[],
): RetryLater | GiveUp {
  const { status } = response;
  const { message, reason } = readApiError(response.text);
  const said = `Spotify: ${what}: ${status}${message === '' ? '' : ` ${redact(message, secrets)}`}`;
  if (status === 429) return toRateLimit(response, reason);
  if (status === 403) return toForbidden(response.text, message, said);
  if (status >= 500 || status === 408 || status === 425 || status === 401) return new RetryLater(said);
  // A success with a foreign body, or a redirect: a proxy or a login page stands in between.
  if (status < 400) return new RetryLater(`Spotify: ${what}: ${status}, an answer that cannot be read`);
  return new GiveUp(said);
}

/** Provider's text as it may be shown: one line, short, without any of the secrets of the call. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '') clean = clean.replaceAll(secret, '…');
  }
  return clean
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
}

function readApiError(text: string): { message: string; reason: string | undefined } {
  const parsed = apiErrorBody.safeParse(parseJson(text));
  return parsed.success
    ? { message: parsed.data.error.message, reason: parsed.data.error.reason }
    : { message: '', reason: undefined };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toForbidden(text: string, message: string, said: string): GiveUp {
  // The "not registered" answer comes as bare text as well as in the usual envelope.
  const words = message === '' ? text.slice(0, 500) : message;
  if (/not\s+(be\s+)?registered/i.test(words)) {
    return new GiveUp(refusals.notRegistered, { skip: 'refused_by_app' });
  }
  if (/premium/i.test(words)) return new GiveUp(refusals.premium);
  if (/scope/i.test(words)) return new GiveUp(refusals.scope);
  return new GiveUp(`${refusals.endpoint}: ${said}`);
}

/** Both limits count the whole app, so everything on the lane waits. */
export function toRateLimit(response: HttpResponse, reason?: string): RetryLater {
  const isQuota = reason === 'QUOTA_EXCEEDED';
  const asked = readRetryAfterMs(response.header('retry-after'));
  const waitMs = Math.min(Math.max(asked ?? rateWindowMs, isQuota ? quotaPauseMs : 0), longestWaitMs);
  const text = isQuota
    ? 'Spotify: the quota of the developer account is used up (429 QUOTA_EXCEEDED)'
    : 'Spotify: too many requests (429)';
  return new RetryLater(text, new Date(systemClock.now().getTime() + waitMs), { isLaneWide: true });
}

function readRetryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.max(seconds, 1) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(date - systemClock.now().getTime(), 1_000);
}
