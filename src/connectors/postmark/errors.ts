import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { laneWait, type Refusal } from '../kit/email/once-calls.ts';

type CodeClass = 'reconnect' | 'operator' | 'never' | 'address' | 'busy' | 'slow';

/** Source: postmarkapp.com/developer/api/overview, "API error codes". */
const codes: Record<number, { class: CodeClass; meaning: string }> = {
  10: { class: 'reconnect', meaning: 'the server API token is not accepted.' },
  100: { class: 'busy', meaning: 'Postmark is being maintained.' },
  300: { class: 'never', meaning: 'the mail is not valid.' },
  400: { class: 'operator', meaning: 'the From address is no confirmed sender signature.' },
  401: { class: 'operator', meaning: 'the From address is not confirmed yet.' },
  402: { class: 'never', meaning: 'the mail could not be read.' },
  403: { class: 'never', meaning: 'the mail could not be read.' },
  405: { class: 'operator', meaning: 'the account has no mails left.' },
  406: {
    class: 'address',
    meaning: 'the address bounced, complained or unsubscribed before and is inactive.',
  },
  409: { class: 'never', meaning: 'the mail could not be read.' },
  410: { class: 'never', meaning: 'too many mails in one call.' },
  411: { class: 'operator', meaning: 'the attachment is not allowed.' },
  412: { class: 'operator', meaning: 'the account waits for approval and may write to its own domain only.' },
  413: { class: 'operator', meaning: 'the account may not send.' },
  429: { class: 'slow', meaning: 'too many requests.' },
  1235: { class: 'operator', meaning: 'there is no such message stream.' },
  1237: { class: 'operator', meaning: 'the message stream is archived.' },
};

export function postmarkReason(code: number): string {
  return `Postmark error ${code}: ${codes[code]?.meaning ?? 'see postmarkapp.com/developer/api/overview.'}`;
}

/** What one mail's error code means, alone or among a list that was taken as a whole. */
export function classifyPostmarkCode(code: number, refusal?: Refusal): ConnectorError {
  const reason = postmarkReason(code);
  switch (codes[code]?.class) {
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'address':
      return new Undeliverable(reason);
    case 'busy':
      return new RetryLater(reason);
    case 'slow':
      return refusal === undefined ? new RetryLater(reason) : laneWait(reason, refusal, 1_000);
    case 'operator':
    case 'never':
    case undefined:
      return new GiveUp(reason);
  }
}

/** The provider's own words as the error that steers; undefined when something else answered. */
export function classifyPostmark(refusal: Refusal): ConnectorError | undefined {
  const code = codeOf(refusal.body);
  if (code === undefined) return undefined;
  if (refusal.status === 429) return classifyPostmarkCode(429, refusal);
  if (refusal.status >= 500) return new RetryLater(`Postmark is having trouble (HTTP ${refusal.status}).`);
  if (refusal.status === 401) return classifyPostmarkCode(10);
  return classifyPostmarkCode(code, refusal);
}

/** `{ErrorCode, Message}`; the message may quote the address and is not shown. */
function codeOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('ErrorCode' in body) || !('Message' in body))
    return undefined;
  const { ErrorCode: code } = body;
  return typeof code === 'number' && Number.isSafeInteger(code) && code >= 0 ? code : undefined;
}
