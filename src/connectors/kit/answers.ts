import { systemClock } from '#lib/clock.ts';
import { RetryLater } from '#lib/errors.ts';
import { HttpFailure } from '#lib/http.ts';
import type { Http, HttpRequest, HttpResponse } from '#lib/http.ts';

/** What connectors read out of answers alike: JSON, waits, and words that may be shown. */

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

/** A longer wait than this is not believed: somebody has to look. */
const longestWaitMs = 7 * 24 * 3_600_000;

/** A 429: everything on the lane waits as long as asked, or `usualMs` where nothing was said. */
export function tooMany(reason: string, response: HttpResponse, usualMs: number, leastMs = 0): RetryLater {
  const asked = readRetryAfterMs(response.header('retry-after'));
  return waitAll(reason, Math.max(asked ?? usualMs, leastMs));
}

/** Everything on the lane waits so long. */
export function waitAll(reason: string, waitMs: number): RetryLater {
  const at = new Date(systemClock.now().getTime() + Math.min(waitMs, longestWaitMs));
  return new RetryLater(reason, at, { isLaneWide: true });
}

function readRetryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.max(seconds, 1) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(date - systemClock.now().getTime(), 1_000);
}

/** No answer at all: `RetryLater` whether it arrived or not, for calls whose repeat does no harm. */
export async function sendRepeatable(
  http: Http,
  label: string,
  what: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    return await http(request);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const how = error.mayHaveArrived ? 'no complete answer' : 'not reachable';
    throw new RetryLater(`${label}: ${what}: ${how}`, undefined, { cause: error });
  }
}

export function unreadable(label: string, what: string, status: number): RetryLater {
  return new RetryLater(`${label}: ${what}: ${status}, an answer that cannot be read`);
}
