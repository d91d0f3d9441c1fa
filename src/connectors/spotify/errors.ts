import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { z } from 'zod';
import { parseJson, redact, tooMany, unreadable } from '../kit/answers.ts';

/**
 * What the Web API's refusals mean. Every call that Segue makes may be repeated without harm
 * (saving or following twice changes nothing), so whatever leaves its end open is `RetryLater`.
 */

const apiErrorBody = z.object({
  error: z.object({ message: z.string().catch(''), reason: z.string().optional().catch(undefined) }),
});

/** Rates are counted over the last 30 seconds, so that long an unspecified 429 lasts at most. */
export const rateWindowMs = 30_000;
/** The daily quota comes back slowly, and asking meanwhile is counted against the account. */
const quotaPauseMs = 6 * 3_600_000;

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
  if (status < 400) return unreadable('Spotify', what, status);
  return new GiveUp(said);
}

function readApiError(text: string): { message: string; reason: string | undefined } {
  const parsed = apiErrorBody.safeParse(parseJson(text));
  return parsed.success
    ? { message: parsed.data.error.message, reason: parsed.data.error.reason }
    : { message: '', reason: undefined };
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

/** Both limits count the whole app, the quota all apps of its owner: everything on the lane waits. */
function toRateLimit(response: HttpResponse, reason?: string): RetryLater {
  return reason === 'QUOTA_EXCEEDED'
    ? tooMany(
        'Spotify: the quota of the developer account is used up (429 QUOTA_EXCEEDED)',
        response,
        quotaPauseMs,
        quotaPauseMs,
      )
    : tooMany('Spotify: too many requests (429)', response, rateWindowMs);
}
