import { z } from 'zod';
import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { laneWait, type Refusal } from '../kit/email/once-calls.ts';

type ErrorClass = 'slow' | 'quota' | 'busy' | 'reconnect' | 'operator' | 'never';

/** Source: the errors of `SendEmail` in the SES v2 API reference and the common errors of AWS. */
const types: Record<string, { class: ErrorClass; meaning: string }> = {
  TooManyRequestsException: { class: 'slow', meaning: 'more mails a second than the account may send.' },
  ThrottlingException: { class: 'slow', meaning: 'too many requests.' },
  LimitExceededException: { class: 'quota', meaning: 'the mails of 24 hours are used up.' },
  AccountSuspendedException: { class: 'operator', meaning: 'the account may not send mails any more.' },
  SendingPausedException: { class: 'operator', meaning: 'sending is paused in the account.' },
  MailFromDomainNotVerifiedException: { class: 'operator', meaning: 'the MAIL FROM domain is not verified.' },
  MessageRejected: {
    class: 'never',
    meaning: 'the mail was rejected; is the From address verified, and the account out of the sandbox?',
  },
  BadRequestException: { class: 'never', meaning: 'the mail is not valid.' },
  NotFoundException: { class: 'operator', meaning: 'the configuration set does not exist.' },
  AccessDeniedException: { class: 'operator', meaning: 'the key may not send mails (ses:SendEmail).' },
  UnrecognizedClientException: { class: 'reconnect', meaning: 'the access key is not accepted.' },
  InvalidClientTokenId: { class: 'reconnect', meaning: 'the access key is not accepted.' },
  InvalidSignatureException: {
    class: 'reconnect',
    meaning: 'the secret access key does not fit, or this machine’s clock is wrong.',
  },
  SignatureDoesNotMatch: { class: 'reconnect', meaning: 'the secret access key does not fit.' },
  ExpiredTokenException: { class: 'reconnect', meaning: 'the access key has expired.' },
  InternalServiceErrorException: { class: 'busy', meaning: 'SES has trouble of its own.' },
  ServiceUnavailableException: { class: 'busy', meaning: 'SES has trouble of its own.' },
};

/** Older services of AWS name the type in the body. */
const bodyShape = z.object({ __type: z.string() });

const quotaRestMs = 3_600_000;

/** The provider's own words as the error that steers; undefined when something else answered. */
export function classifyAmazonSes(refusal: Refusal): ConnectorError | undefined {
  const type = typeOf(refusal);
  if (type === undefined) return undefined;
  const known = Object.hasOwn(types, type) ? types[type] : undefined;
  const reason = `Amazon SES ${type}: ${known?.meaning ?? `HTTP ${refusal.status}.`}`;
  switch (known?.class) {
    case 'slow':
      return laneWait(reason, refusal, 1_000);
    case 'quota':
      return laneWait(reason, refusal, quotaRestMs);
    case 'busy':
      return new RetryLater(reason);
    case 'reconnect':
      return new NeedsReconnect(reason);
    case 'operator':
    case 'never':
      return new GiveUp(reason);
    case undefined:
      return refusal.status >= 500 ? new RetryLater(reason) : new GiveUp(reason);
  }
}

/** In a header, sometimes with a namespace and an address; the message beside it may quote the call. */
function typeOf({ header, body }: Refusal): string | undefined {
  const given = header('x-amzn-errortype') ?? bodyShape.safeParse(body).data?.['__type'];
  const type = given?.split(':')[0]?.split('#').at(-1);
  return type !== undefined && /^[A-Za-z]{1,80}$/.test(type) ? type : undefined;
}
