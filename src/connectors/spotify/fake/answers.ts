import { json } from '../../kit/fake/answers.ts';

/** Web API: `{"error":{"status","message"}}`. */
export function apiError(
  status: number,
  message: string,
  extra: { reason?: string; retryAfter?: number } = {},
): Response {
  const reason = extra.reason === undefined ? {} : { reason: extra.reason };
  const headers: Record<string, string> =
    extra.retryAfter === undefined ? {} : { 'retry-after': String(extra.retryAfter) };
  return json({ error: { status, message, ...reason } }, status, headers);
}
