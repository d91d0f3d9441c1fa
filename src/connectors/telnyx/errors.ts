import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { laneWait, type Refusal } from '../kit/email/once-calls.ts';

/**
 * What follows from a code. `slow` holds the whole lane, `later` this text alone, `operator` needs a
 * person, `number` is about the phone, `block` about the pair of sender and phone.
 */
type CodeClass = 'slow' | 'later' | 'operator' | 'never' | 'number' | 'block' | 'reconnect';

interface CodeMeaning {
  class: CodeClass;
  meaning: string;
  /** How long the lane rests, for `slow`. */
  restMs?: number;
}

const profile = 'the messaging profile';

/** Source: developers.telnyx.com, error codes; most of 400xx arrive only in reports. */
const codes: Record<string, CodeMeaning> = {
  10001: { class: 'operator', meaning: 'the sending number is not active.' },
  10002: { class: 'number', meaning: 'this is not a valid phone number.' },
  10003: { class: 'operator', meaning: 'the address for delivery reports is not valid; check PUBLIC_URL.' },
  10004: { class: 'never', meaning: 'the text lacks something.' },
  10005: { class: 'operator', meaning: 'the address of the API is wrong; check the base URL.' },
  10006: { class: 'operator', meaning: `the ID of ${profile} is not one of this account.` },
  10007: { class: 'later', meaning: 'Telnyx has trouble of its own.' },
  10009: { class: 'reconnect', meaning: 'the API key is not accepted.' },
  10010: { class: 'operator', meaning: 'the API key may not do this.' },
  10011: { class: 'slow', meaning: 'too many requests.', restMs: 1_000 },
  10015: { class: 'never', meaning: 'the text was refused as not valid.' },
  10016: { class: 'number', meaning: 'this is not a valid phone number.' },
  20002: { class: 'reconnect', meaning: 'the API key was revoked.' },
  20006: { class: 'reconnect', meaning: 'the API key has expired.' },
  20012: { class: 'operator', meaning: 'the Telnyx account is not active; is it out of money?' },
  20013: { class: 'operator', meaning: 'the Telnyx account is blocked.' },
  20014: { class: 'operator', meaning: 'the Telnyx account is not verified.' },
  20015: { class: 'operator', meaning: 'messaging is not switched on in the Telnyx account.' },
  20016: { class: 'operator', meaning: 'the Telnyx account needs its level 1 verification.' },
  20017: { class: 'operator', meaning: 'the Telnyx account needs its level 2 verification.' },
  20100: { class: 'operator', meaning: 'the Telnyx account is out of money.' },
  40001: { class: 'number', meaning: 'this number is a landline or cannot receive texts.' },
  40002: { class: 'never', meaning: 'the carrier filtered the text as unwanted; change its wording.' },
  40003: { class: 'operator', meaning: 'carriers block the sending number as unwanted, for good.' },
  40004: { class: 'never', meaning: 'the phone’s carrier refused the text without a reason.' },
  40005: { class: 'later', meaning: 'the text ran out of time on its way.' },
  40006: { class: 'later', meaning: 'the phone’s carrier is out of reach.' },
  40008: { class: 'never', meaning: 'the phone’s carrier did not take the text.' },
  40009: { class: 'never', meaning: 'the text has characters that carriers refuse.' },
  40010: { class: 'operator', meaning: 'the sending number is not in a registered 10DLC campaign.' },
  40011: { class: 'slow', meaning: 'carriers take no more texts for the moment.', restMs: 60_000 },
  40012: { class: 'number', meaning: 'the carrier does not know this number.' },
  40013: { class: 'operator', meaning: 'the carrier does not accept the sending number.' },
  40014: { class: 'later', meaning: 'the text waited too long in the queue of its number.' },
  40015: { class: 'never', meaning: 'Telnyx filtered the text as unwanted; change its wording.' },
  40016: { class: 'later', meaning: 'T-Mobile takes no more texts of this brand today.' },
  40017: { class: 'never', meaning: 'AT&T filtered the text as unwanted; change its wording.' },
  40018: { class: 'slow', meaning: 'the 10DLC campaign has reached AT&T’s rate.', restMs: 60_000 },
  40100: { class: 'operator', meaning: 'the sending number is not enabled for messaging.' },
  40150: { class: 'operator', meaning: 'the toll-free number is not registered for texts.' },
  40151: { class: 'operator', meaning: 'the sending number is still with another provider.' },
  40300: { class: 'block', meaning: 'this phone has opted out from this profile; only START lifts it.' },
  40301: { class: 'number', meaning: 'this number cannot receive texts.' },
  40302: { class: 'never', meaning: 'the text is longer than ten parts.' },
  40304: { class: 'never', meaning: 'the text was put together wrongly.' },
  40305: { class: 'operator', meaning: `the sending number is not in ${profile}.` },
  40306: { class: 'operator', meaning: `a sender’s name is not set up in ${profile}.` },
  40309: { class: 'operator', meaning: `texts to this country are switched off in ${profile}.` },
  40310: { class: 'number', meaning: 'this is not a valid phone number.' },
  40311: { class: 'reconnect', meaning: `the secret of ${profile} is not accepted.` },
  40312: { class: 'operator', meaning: `${profile} is switched off.` },
  40313: { class: 'reconnect', meaning: `the secret of ${profile} is missing.` },
  40314: { class: 'operator', meaning: 'messaging is switched off in the Telnyx account.' },
  40315: { class: 'operator', meaning: 'too many texts from this number are not delivered or unwanted.' },
  40316: { class: 'never', meaning: 'the text is empty.' },
  40318: { class: 'slow', meaning: 'the queue of this number is full.', restMs: 60_000 },
  40319: { class: 'number', meaning: 'this number cannot receive texts.' },
  40320: { class: 'operator', meaning: 'the sending number cannot be used yet.' },
  40321: { class: 'operator', meaning: `no number of ${profile} can be used.` },
  40322: { class: 'never', meaning: 'Telnyx refused the text because of its content.' },
  40328: { class: 'never', meaning: 'the text is longer than recommended.' },
  40329: { class: 'operator', meaning: 'the toll-free number is not verified.' },
  40333: { class: 'operator', meaning: `the daily spending limit of ${profile} is reached.` },
};

/** Telnyx's own refusal: its code, and whether it speaks of an opt-out. Its words may quote the call. */
export interface TelnyxError {
  code: string;
  isOptOut: boolean;
}

/** One sentence for a code: the code and its meaning, never the provider's own words. */
export function telnyxReason(code: string): string {
  const known = meaningOf(code);
  return `Telnyx error ${code}: ${known?.meaning ?? 'see developers.telnyx.com, error codes.'}`;
}

function meaningOf(code: string): CodeMeaning | undefined {
  return Object.hasOwn(codes, code) ? codes[code] : undefined;
}

/** The first of a list of errors, in an answer or in a report; undefined where there is none. */
export function readTelnyxError(errors: unknown): TelnyxError | undefined {
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  if (typeof first !== 'object' || first === null || !('code' in first)) return undefined;
  const code = String(first.code);
  if (!/^\d{4,6}$/.test(code)) return undefined;
  // Other refusals came with this code too: an opt-out says so.
  const words = `${wordsOf(first, 'title')} ${wordsOf(first, 'detail')}`;
  return { code, isOptOut: meaningOf(code)?.class === 'block' && /\bstop\b|block rule/i.test(words) };
}

function wordsOf(error: object, name: string): string {
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === 'string' ? value : '';
}

/** The provider's own words as the error that steers; undefined when something else answered. */
export function classifyTelnyx(refusal: Refusal): ConnectorError | undefined {
  const { status, body } = refusal;
  const error = readTelnyxError(typeof body === 'object' && body !== null && 'errors' in body && body.errors);
  // A time-out of its own: nothing says that the call was not carried out.
  if (error === undefined || error.code === '10008') return undefined;
  const reason = telnyxReason(error.code);
  const known = meaningOf(error.code);
  if (status === 429 || known?.class === 'slow') return slowDown(reason, refusal, known?.restMs);
  if (status >= 500) return new RetryLater(reason);
  switch (known?.class) {
    case 'later':
      return new RetryLater(reason);
    case 'number':
      return new Undeliverable(reason);
    case 'block':
      return error.isOptOut ? new GiveUp(reason, { skip: 'provider_block' }) : new GiveUp(reason);
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'operator':
    case 'never':
      return new GiveUp(reason);
    case undefined:
      return status === 401 ? new NeedsReconnect(reason) : new GiveUp(reason);
  }
}

/** Telnyx names the wait in a header of its own. */
function slowDown(reason: string, { header }: Refusal, restMs = 1_000): RetryLater {
  const own = (name: string) =>
    header(name) ?? (name === 'ratelimit-reset' ? header('x-ratelimit-reset') : undefined);
  return laneWait(reason, { header: own }, restMs);
}
