import { z } from 'zod';
import { GiveUp, RetryLater, type ConnectorError } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import { parseJson, redact, tooMany, unreadable, waitAll } from '../kit/answers.ts';

const errorBody = z.object({
  errors: z
    .array(
      z.object({ code: z.string().catch(''), title: z.string().catch(''), detail: z.string().catch('') }),
    )
    .min(1),
});

/** Apple names no wait. */
const usualWaitMs = 60_000;
/** The operator has to mend a setting. */
const appRefusedPauseMs = 10 * 60_000;
const codes = { userToken: '40300', noSubscription: '40015' } as const;

function read(response: HttpResponse): { code: string; title: string; detail: string } {
  const parsed = errorBody.safeParse(parseJson(response.text));
  return (parsed.success ? parsed.data.errors[0] : undefined) ?? { code: '', title: '', detail: '' };
}

/** The fan's token is over: her password changed, she took it back, or it is too old. */
export function isUserTokenRefused(response: HttpResponse): boolean {
  return response.status === 403 && read(response).code === codes.userToken;
}

/** An answer that is not a success → the error to throw. All that is asked may be repeated. */
export function toAppleMusicError(
  response: HttpResponse,
  what: string,
  secrets: readonly string[],
): ConnectorError {
  const { status } = response;
  const { code, title, detail } = read(response);
  const words = [code, title, detail].filter(Boolean).join(': ');
  const said = `Apple Music: ${what}: ${status}${words === '' ? '' : ` ${redact(words, secrets)}`}`;
  if (status === 401) {
    const text = 'Apple Music refuses the developer token; check team id, key id and private key (401)';
    return waitAll(text, appRefusedPauseMs);
  }
  if (status === 429) return tooMany('Apple Music: too many requests (429)', response, usualWaitMs);
  if (status >= 500 || status === 408 || isUserTokenRefused(response)) return new RetryLater(said);
  if (status < 400) return unreadable('Apple Music', what, status);
  if (status === 400 && code === codes.noSubscription) {
    return new GiveUp(`${said}; the fan has no active subscription, or Sync Library is switched off`);
  }
  return new GiveUp(said);
}
