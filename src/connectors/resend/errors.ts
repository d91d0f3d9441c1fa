import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable } from '#lib/errors.ts';
import { laneWait, type Refusal } from '../kit/email/once-calls.ts';

type ErrorClass = 'slow' | 'quota' | 'busy' | 'reconnect' | 'operator' | 'never' | 'address';

interface Meaning {
  class: ErrorClass;
  meaning: string;
}

/** Source: resend.com/docs/api-reference/errors, by the `name` of the error. */
const names: Record<string, Meaning> = {
  rate_limit_exceeded: { class: 'slow', meaning: 'too many requests a second.' },
  daily_quota_exceeded: { class: 'quota', meaning: 'the mails of this day are used up.' },
  monthly_quota_exceeded: { class: 'operator', meaning: 'the mails of this month are used up.' },
  missing_api_key: { class: 'reconnect', meaning: 'no API key was given.' },
  invalid_api_key: { class: 'reconnect', meaning: 'the API key is not accepted.' },
  restricted_api_key: { class: 'operator', meaning: 'this API key may not send mails.' },
  suspended_api_key: { class: 'reconnect', meaning: 'the API key is suspended.' },
  invalid_from_address: { class: 'operator', meaning: 'the From address is not valid.' },
  invalid_access: { class: 'operator', meaning: 'the key may not do this.' },
  validation_error: { class: 'never', meaning: 'the mail was refused as not valid; is the domain verified?' },
  missing_required_field: { class: 'never', meaning: 'the mail lacks something.' },
  invalid_parameter: { class: 'never', meaning: 'a part of the mail is not valid.' },
  invalid_to_address: { class: 'address', meaning: 'this is not a valid e-mail address.' },
  invalid_idempotency_key: { class: 'never', meaning: 'the key of this mail is not valid.' },
  invalid_idempotent_request: {
    class: 'never',
    meaning: 'this mail was handed over before in other words, and is not sent twice.',
  },
  concurrent_idempotent_requests: { class: 'busy', meaning: 'this mail is being handed over already.' },
  security_error: { class: 'operator', meaning: 'Resend stopped the account for a security check.' },
  not_found: { class: 'operator', meaning: 'the address of the API is wrong; check the base URL.' },
  method_not_allowed: { class: 'operator', meaning: 'the address of the API is wrong; check the base URL.' },
  application_error: { class: 'busy', meaning: 'Resend has trouble of its own.' },
  internal_server_error: { class: 'busy', meaning: 'Resend has trouble of its own.' },
};

const quotaRestMs = 3_600_000;

/** The provider's own words as the error that steers; undefined when something else answered. */
export function classifyResend(refusal: Refusal): ConnectorError | undefined {
  const name = nameOf(refusal.body);
  if (name === undefined) return undefined;
  const known = Object.hasOwn(names, name) ? names[name] : undefined;
  const reason = `Resend ${name}: ${known?.meaning ?? `HTTP ${refusal.status}.`}`;
  switch (known?.class) {
    case 'slow':
      return laneWait(reason, refusal, 1_000);
    case 'quota':
      return laneWait(reason, refusal, quotaRestMs);
    case 'busy':
      return new RetryLater(reason);
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'address':
      return new Undeliverable(reason);
    case 'operator':
    case 'never':
      return new GiveUp(reason);
    case undefined:
      return refusal.status >= 500 ? new RetryLater(reason) : otherwise(refusal, reason);
  }
}

function otherwise({ status, header }: Refusal, reason: string): ConnectorError {
  if (status === 429) return laneWait(reason, { header }, 1_000);
  return status === 401 ? new NeedsReconnect(reason) : new GiveUp(reason);
}

/** `{statusCode, name, message}`; the message may quote the call and is not shown. */
function nameOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('name' in body) || !('message' in body))
    return undefined;
  return typeof body.name === 'string' && /^[a-z_]{1,60}$/.test(body.name) ? body.name : undefined;
}
