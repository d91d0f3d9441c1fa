import {
  type ConnectorError,
  GiveUp,
  NeedsReconnect,
  RetryLater,
  Undeliverable,
  Unsure,
} from '#lib/errors.ts';
import { HttpFailure, type HttpResponse } from '#lib/http.ts';

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

/** Source: twilio.com/docs/api/errors; several arrive only in status callbacks. */
const codes: Record<number, CodeMeaning> = {
  20003: { class: 'reconnect', meaning: 'the Account SID or auth token is not accepted.' },
  20005: { class: 'operator', meaning: 'the Twilio account is not active.' },
  20429: { class: 'slow', meaning: 'too many requests at the same time.', restMs: 1_000 },
  21211: { class: 'number', meaning: 'this is not a valid phone number.' },
  21212: { class: 'operator', meaning: 'the sending number is not valid.' },
  21408: {
    class: 'operator',
    meaning: 'texts to this country are switched off in the Twilio account (Geo Permissions).',
  },
  21602: { class: 'never', meaning: 'the text is empty.' },
  21603: { class: 'operator', meaning: 'no sending number was given.' },
  21604: { class: 'never', meaning: 'no receiving number was given.' },
  21606: { class: 'operator', meaning: 'the sending number cannot send texts to this phone.' },
  21608: { class: 'operator', meaning: 'a trial account can only text numbers that were verified in it.' },
  21609: { class: 'operator', meaning: 'the address for delivery reports is not valid; check PUBLIC_URL.' },
  21610: {
    class: 'block',
    meaning: 'this phone has opted out from this sender; only START from the phone lifts it.',
  },
  21611: { class: 'slow', meaning: 'the queue of this sender is full.', restMs: 60_000 },
  21612: { class: 'number', meaning: 'this phone cannot be reached from this sender.' },
  21614: { class: 'number', meaning: 'this number cannot receive texts.' },
  21617: { class: 'never', meaning: 'the text is longer than 1,600 characters.' },
  21635: { class: 'number', meaning: 'this number is a landline.' },
  21659: { class: 'operator', meaning: 'the sending number does not belong to Twilio.' },
  21660: { class: 'operator', meaning: 'the sending number belongs to another Twilio account.' },
  30001: { class: 'slow', meaning: 'the queue of this sender is full.', restMs: 60_000 },
  30002: { class: 'operator', meaning: 'the Twilio account is suspended.' },
  30003: { class: 'later', meaning: 'the phone is switched off or out of reach.' },
  30004: { class: 'never', meaning: 'the phone or its carrier blocks this text.' },
  30005: { class: 'number', meaning: 'the number is unknown or no longer in use.' },
  30006: { class: 'number', meaning: 'this number is a landline or its carrier cannot be reached.' },
  30007: {
    class: 'never',
    meaning: 'the carrier filtered the text as unwanted; change its wording or the campaign.',
  },
  30008: { class: 'later', meaning: 'the carrier gave no reason.' },
  30022: { class: 'slow', meaning: 'the 10DLC campaign has reached its rate.', restMs: 10_000 },
  30023: { class: 'later', meaning: 'the 10DLC brand has reached its limit for today.' },
  30034: { class: 'operator', meaning: 'the sending number is not in a registered 10DLC campaign.' },
  30047: { class: 'later', meaning: 'the text could not be moved into allowed hours.' },
  30610: { class: 'later', meaning: 'the text falls outside the hours allowed where the phone is.' },
};

/** One sentence for a code: the code and its meaning, never the provider's own words (they may quote the call). */
export function twilioReason(code: number): string {
  const known = codes[code];
  return known === undefined
    ? `Twilio error ${code}: see twilio.com/docs/errors/${code}.`
    : `Twilio error ${code}: ${known.meaning}`;
}

/** True for the code that says "this phone opted out with the provider", also in a status callback. */
export function isTwilioOptOut(code: number): boolean {
  return code === 21610;
}

/** The provider's own refusal; undefined when something else answered in its place. */
export function readTwilioError(text: string): { code: number } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body))
      return undefined;
    return typeof body.code === 'number' && Number.isSafeInteger(body.code) ? { code: body.code } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Turns an answer that is not a success into the error the engine steers by. `repeat` says what a
 * second call would do: a `once` call that something other than Twilio answered with a 5xx may have
 * been carried out.
 */
export function classifyTwilioAnswer(response: HttpResponse, repeat: 'once' | 'harmless'): ConnectorError {
  const error = readTwilioError(response.text);
  if (response.status === 429) return slowDown(error?.code ?? 20429, response);
  if (response.status >= 500) {
    const reason = `Twilio is having trouble (HTTP ${response.status}).`;
    if (error === undefined && repeat === 'once') return new Unsure(reason);
    return new RetryLater(reason, retryAfter(response), { isLaneWide: retryAfter(response) !== undefined });
  }
  if (response.status === 401) return new NeedsReconnect(twilioReason(20003));
  if (error === undefined) return withoutCode(response.status, repeat);
  return classifyCode(error.code, response);
}

function withoutCode(status: number, repeat: 'once' | 'harmless'): ConnectorError {
  if (status === 408 && repeat === 'once') return new Unsure('Twilio gave up waiting (HTTP 408).');
  if (status === 408) return new RetryLater('Twilio gave up waiting (HTTP 408).');
  return new GiveUp(`Twilio's address answered HTTP ${status} without a Twilio error; check the base URL.`);
}

function classifyCode(code: number, response: HttpResponse): ConnectorError {
  const reason = twilioReason(code);
  switch (codes[code]?.class) {
    case 'slow':
      return slowDown(code, response);
    case 'later':
      return new RetryLater(reason);
    case 'number':
      return new Undeliverable(reason);
    case 'block':
      return new GiveUp(reason, { skip: 'provider_block' });
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'operator':
    case 'never':
    case undefined:
      return new GiveUp(reason);
  }
}

function slowDown(code: number, response: HttpResponse): RetryLater {
  const rest = new Date(Date.now() + (codes[code]?.restMs ?? 1_000));
  return new RetryLater(twilioReason(code), retryAfter(response) ?? rest, { isLaneWide: true });
}

/** Real time, like every `Retry-After`; seconds or a date. At most an hour: a typing error must not stop a lane. */
function retryAfter(response: HttpResponse): Date | undefined {
  const header = response.header('retry-after');
  if (header === undefined) return undefined;
  const at = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(at) ? undefined : new Date(Math.min(at, Date.now() + 3_600_000));
}

/** No complete answer came. A refused connection certainly had no effect; anything later may have had one. */
export function classifyTwilioFailure(failure: unknown, repeat: 'once' | 'harmless'): unknown {
  if (!(failure instanceof HttpFailure)) return failure;
  if (!failure.mayHaveArrived)
    return new RetryLater('Twilio could not be reached.', undefined, { cause: failure });
  if (repeat === 'harmless') return new RetryLater('Twilio did not answer.', undefined, { cause: failure });
  return new Unsure('Twilio did not answer in full, so the text may or may not be on its way.', {
    cause: failure,
  });
}
