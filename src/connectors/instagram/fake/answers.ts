import { json } from '../../kit/fake/answers.ts';

/** A refusal in the words of the Graph API. */
export function refuse(
  status: number,
  code: number,
  message: string,
  more: { subcode?: number; type?: string; headers?: Record<string, string> } = {},
): Response {
  const { subcode, type = 'IGApiException', headers = {} } = more;
  const error = {
    message: `(#${code}) ${message}`,
    type,
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    fbtrace_id: 'AsandboxTraceId0000000',
  };
  return json({ error }, status, headers);
}

export function badToken(subcode: number): Response {
  const message = 'Error validating access token: the session is not valid.';
  return refuse(400, 190, message, { subcode, type: 'OAuthException' });
}

/** Nobody says how long in a `Retry-After`; the minutes stand in a header of their own. */
export function tooMany(code: number, accountId: string, minutes: number): Response {
  const usage = { [accountId]: [{ type: 'messenger', estimated_time_to_regain_access: minutes }] };
  return refuse(400, code, 'Calls to this api have exceeded the rate limit.', {
    headers: { 'x-business-use-case-usage': JSON.stringify(usage) },
  });
}
