import { systemClock } from '#lib/clock.ts';
import {
  type ConnectorError,
  GiveUp,
  NeedsReconnect,
  RetryLater,
  Undeliverable,
  Unsure,
} from '#lib/errors.ts';

/** What the mail library throws: read by `responseCode`, since its own `code` does not tell soft from hard. */
interface SmtpFailure extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

const restMs = 60_000;

/**
 * A failed attempt as the error that steers. `hasBegun`: the mail itself was on the wire; without an
 * answer to it nobody knows whether it was taken.
 */
export function classifySmtp(error: unknown, hasBegun: boolean): ConnectorError {
  const failure: SmtpFailure = error instanceof Error ? error : new Error('no reason was given');
  const { responseCode: code, command = '' } = failure;
  const options = { cause: failure };
  if (code === undefined || code < 400) return withoutAnswer(failure, hasBegun);
  const reason = reasonOf(code, enhancedCode(failure.response));
  if (code === 421 || code === 454) return lane(reason, options);
  if (code < 500) return new RetryLater(reason, undefined, options);
  if ([530, 534, 535, 538].includes(code) || failure.code === 'EAUTH')
    return new NeedsReconnect(reason, options);
  return isAboutAddress(code, command, failure.response)
    ? new Undeliverable(reason, options)
    : new GiveUp(reason, options);
}

function lane(reason: string, options: { cause: unknown }): RetryLater {
  const at = new Date(systemClock.now().getTime() + restMs);
  return new RetryLater(reason, at, { ...options, isLaneWide: true });
}

function withoutAnswer(failure: SmtpFailure, hasBegun: boolean): ConnectorError {
  const options = { cause: failure };
  if (failure.code === 'EAUTH')
    return new NeedsReconnect('The mail server wants a user name and password.', options);
  if (hasBegun)
    return new Unsure(
      'The mail server did not answer in full, so the mail may or may not be on its way.',
      options,
    );
  if (failure.code === 'ETLS' || failure.code === 'EREQUIRETLS')
    return new RetryLater('The connection to the mail server could not be encrypted.', undefined, options);
  if (failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE')
    return new GiveUp('The mail server takes no such mail.', options);
  return new RetryLater('The mail server could not be reached.', undefined, options);
}

/** Refused where it was named, and not for a policy (5.7) or the size of the mailbox (5.2.2, 5.2.3). */
function isAboutAddress(code: number, command: string, response: string | undefined): boolean {
  const enhanced = enhancedCode(response);
  if (enhanced !== undefined) return /^5\.1\.(0|1|2|3|6|10)$/.test(enhanced) || enhanced === '5.2.1';
  return command === 'RCPT TO' && [550, 551, 553].includes(code);
}

function enhancedCode(response: string | undefined): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
}

const meanings: Record<number, string> = {
  421: 'the server takes no more mails for now.',
  450: 'the mailbox is busy.',
  451: 'the server has trouble of its own.',
  452: 'the mailbox or the server is full.',
  454: 'signing in does not work for now.',
  530: 'the server wants a user name and password.',
  534: 'the server wants another way of signing in.',
  535: 'the user name or password is not accepted.',
  550: 'the address does not exist, or the server refuses mail to it.',
  551: 'the address is not on this server.',
  552: 'the mailbox is full, or the mail too large.',
  553: 'the address is not valid, or the From address is not yours.',
  554: 'the server refused the mail.',
};

/** One sentence with the code; the server's own words may quote addresses and are not shown. */
function reasonOf(code: number, enhanced: string | undefined): string {
  return `SMTP ${code}${enhanced === undefined ? '' : ` ${enhanced}`}: ${meanings[code] ?? 'the server refused.'}`;
}
