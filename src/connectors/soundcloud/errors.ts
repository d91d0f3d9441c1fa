import { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import { GiveUp, RetryLater, type ConnectorError } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { parseJson, redact, tooMany, unreadable } from '../kit/answers.ts';

const errorBody = z.object({
  code: z.number().optional(),
  message: z.string().catch(''),
  spam_warning_urn: z.string().optional(),
});

/** SoundCloud names no wait. */
export const usualWaitMs = 60_000;
/** How long one fan's account rests that SoundCloud takes for a machine. */
const spamWaitMs = 3_600_000;

/** SoundCloud's own "not there", not that of somebody between. */
export function isNotThere(response: HttpResponse): boolean {
  const parsed = errorBody.safeParse(parseJson(response.text));
  return response.status === 404 && parsed.success && parsed.data.code === 404;
}

/** An answer that is not a success → the error to throw. Likes and follows may all be repeated. */
export function toSoundcloudError(
  response: HttpResponse,
  what: string,
  secrets: readonly string[],
): ConnectorError {
  const { status } = response;
  const parsed = errorBody.safeParse(parseJson(response.text));
  const message = parsed.success ? redact(parsed.data.message, secrets) : '';
  const said = `SoundCloud: ${what}: ${status}${message === '' ? '' : ` ${message}`}`;
  if (status === 429) {
    // A warning for spam is about this one account; others go on.
    if (parsed.success && parsed.data.spam_warning_urn !== undefined) {
      const at = new Date(systemClock.now().getTime() + spamWaitMs);
      return new RetryLater(`${said}; this account liked or followed very much lately`, at, {
        isLaneWide: false,
      });
    }
    return tooMany('SoundCloud: too many requests (429)', response, usualWaitMs);
  }
  if (status >= 500 || status === 408 || status === 401) return new RetryLater(said);
  if (status < 400) return unreadable('SoundCloud', what, status);
  if (status === 422) return new GiveUp(`${said}; the fan follows as many people as SoundCloud allows`);
  return new GiveUp(said);
}
