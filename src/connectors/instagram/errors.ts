import { systemClock } from '#lib/clock.ts';
import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import type { Refusal } from '../kit/email/once-calls.ts';

type ErrorClass =
  | 'window'
  | 'replied'
  | 'reply_expired'
  | 'operator'
  | 'reconnect'
  | 'slow'
  | 'busy'
  | 'never'
  | 'person';

interface Meaning {
  class: ErrorClass;
  meaning: string;
}

/** Source: developers.facebook.com, error codes of the Graph API and of private replies; `code/subcode` first. */
const codes: Readonly<Record<string, Meaning>> = {
  '10/2534022': { class: 'window', meaning: 'the last message of this fan is older than 24 hours.' },
  '1': { class: 'busy', meaning: 'Instagram has trouble of its own.' },
  '2': { class: 'busy', meaning: 'Instagram has trouble of its own.' },
  '3': { class: 'operator', meaning: 'the app lacks this capability; check its products and its review.' },
  '4': { class: 'slow', meaning: 'too many calls of this app.' },
  '10': { class: 'operator', meaning: 'a permission is missing; check which the account gave.' },
  '17': { class: 'slow', meaning: 'too many calls of this account.' },
  '32': { class: 'slow', meaning: 'too many calls of this account.' },
  '100': { class: 'never', meaning: 'the message or whom it is for was refused as not valid.' },
  '190': { class: 'reconnect', meaning: 'the access token is not valid any more.' },
  '551': { class: 'person', meaning: 'this person cannot be written to just now.' },
  '613': { class: 'slow', meaning: 'too many calls of this account.' },
  '10900': { class: 'replied', meaning: 'this comment was answered privately before.' },
  '10902': { class: 'reply_expired', meaning: 'this comment can no longer be answered privately.' },
};

/** Where Instagram does not say how long: there is no `Retry-After`. */
const usualRestMs = 60_000;
const longestRestMs = 24 * 3_600_000;

/** The provider's own words as the error that steers; undefined when something else answered. */
export function classifyInstagram(refusal: Refusal): ConnectorError | undefined {
  const error = readInstagramError(refusal.body);
  if (error === undefined) return undefined;
  const { code, subcode } = error;
  const known = codes[`${code}/${subcode}`] ?? codes[String(code)];
  const name = subcode === 0 ? `${code}` : `${code}/${subcode}`;
  const reason = `Instagram error ${name}: ${known?.meaning ?? `HTTP ${refusal.status}.`}`;
  switch (known?.class) {
    case 'window':
      return new GiveUp(reason, { skip: 'ig_window' });
    case 'replied':
      return new GiveUp(reason, { skip: 'ig_reply_used' });
    case 'reply_expired':
      return new GiveUp(reason, { skip: 'ig_reply_expired' });
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'slow':
      return rest(reason, refusal);
    case 'busy':
      return new RetryLater(reason);
    case 'person':
      return new Undeliverable(reason);
    case 'operator':
    case 'never':
      return new GiveUp(reason);
    case undefined:
      return refusal.status >= 500 ? new RetryLater(reason) : new GiveUp(reason);
  }
}

/** `{error: {message, type, code, error_subcode?}}`; the message may quote the call and is not shown. */
export function readInstagramError(body: unknown): { code: number; subcode: number } | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  if (typeof error.code !== 'number' || !Number.isSafeInteger(error.code)) return undefined;
  const subcode = 'error_subcode' in error ? error.error_subcode : 0;
  return { code: error.code, subcode: typeof subcode === 'number' ? subcode : 0 };
}

function rest(reason: string, { header }: Refusal): RetryLater {
  const waitMs = minutesLeft(header('x-business-use-case-usage')) ?? usualRestMs;
  const at = new Date(systemClock.now().getTime() + Math.min(waitMs, longestRestMs));
  return new RetryLater(reason, at, { isLaneWide: true });
}

/** `{"ACCOUNT": [{"estimated_time_to_regain_access": minutes, …}]}`; the longest of them, as milliseconds. */
function minutesLeft(header: string | undefined): number | undefined {
  const minutes = [...(header ?? '').matchAll(/"estimated_time_to_regain_access"\s*:\s*(\d{1,6})/g)]
    .map(([, digits]) => Number(digits))
    .filter((value) => value > 0);
  return minutes.length === 0 ? undefined : Math.max(...minutes) * 60_000;
}
