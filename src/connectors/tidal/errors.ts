import { z } from 'zod';
import { GiveUp, type ConnectorError, RetryLater } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { parseJson, redact, tooMany, unreadable } from '../kit/answers.ts';

const errorBody = z.object({
  errors: z.array(z.object({ code: z.string().catch(''), detail: z.string().catch('') })).min(1),
});

/** TIDAL names no wait. */
export const usualWaitMs = 30_000;

/**
 * An answer that is not a success → the error to throw. All that Segue asks may be repeated: adding
 * what is there is skipped, and mutations carry a key. 401 is the caller's, who can renew the token.
 */
export function toTidalError(
  response: HttpResponse,
  what: string,
  secrets: readonly string[],
): ConnectorError {
  const { status } = response;
  const parsed = errorBody.safeParse(parseJson(response.text));
  const { code, detail } = parsed.success
    ? (parsed.data.errors[0] ?? { code: '', detail: '' })
    : { code: '', detail: '' };
  const words = [code, detail].filter(Boolean).join(': ');
  const said = `TIDAL: ${what}: ${status}${words === '' ? '' : ` ${redact(words, secrets)}`}`;
  if (status === 429) return tooMany('TIDAL: too many requests (429)', response, usualWaitMs);
  // 409: the call with this key is still under way.
  if (status >= 500 || status === 408 || status === 409 || status === 401) return new RetryLater(said);
  if (status < 400) return unreadable('TIDAL', what, status);
  if (status === 403) {
    return new GiveUp(`${said}; the fan has not allowed this, or the app lacks the scope in the portal`);
  }
  return new GiveUp(said);
}
