import type { Http, HttpRequest } from '#lib/http.ts';
import { sendRepeatable, tooMany, unreadable } from './answers.ts';

/**
 * Tells a provider that a sign-in is over. One that it does not know, or not any more, is no error (RFC 7009,
 * 2.2); anything but a clear answer is `RetryLater`.
 */
export async function sendRevocation(
  http: Http,
  label: string,
  request: HttpRequest,
  usualWaitMs: number,
): Promise<void> {
  const response = await sendRepeatable(http, label, 'revoke', request);
  const { status } = response;
  if ((status >= 200 && status < 300) || status === 400 || status === 401) return;
  if (status === 429) throw tooMany(`${label}: too many requests (429)`, response, usualWaitMs);
  throw unreadable(label, 'revoke', status);
}
