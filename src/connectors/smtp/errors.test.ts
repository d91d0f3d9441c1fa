import { expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { classifySmtp } from './errors.ts';

function failure(
  responseCode: number | undefined,
  response: string,
  command = 'RCPT TO',
  code = 'EENVELOPE',
) {
  return Object.assign(new Error('refused'), { responseCode, response, command, code });
}

// As measured: `code` is EENVELOPE for hard and soft alike, so the reply's own number decides.
test.each([
  ['no such user', failure(550, '550 5.1.1 no such user'), Undeliverable],
  ['no such user, in old words', failure(550, '550 unknown'), Undeliverable],
  ['a policy', failure(550, '550 5.7.1 not from you'), GiveUp],
  ['the From address', failure(553, '553 5.7.1 not yours', 'MAIL FROM'), GiveUp],
  ['a full mailbox', failure(452, '452 4.2.2 full'), RetryLater],
  ['greylisting', failure(451, '451 4.7.1 come again'), RetryLater],
  ['the content', failure(554, '554 5.6.0 spam', 'DATA', 'EMESSAGE'), GiveUp],
  ['the password', failure(535, '535 5.7.8 no', 'AUTH', 'EAUTH'), NeedsReconnect],
])('%s', (_name, error, expected) => {
  expect(classifySmtp(error, false)).toBeInstanceOf(expected);
});

test('421 has everything wait', () => {
  expect(classifySmtp(failure(421, '421 4.7.0 slow down', 'CONN', 'ECONNECTION'), false)).toMatchObject({
    isLaneWide: true,
  });
});

test('a line that goes dead is no harm before the mail, and unsure after it', () => {
  const dead = failure(undefined, '', 'CONN', 'ECONNECTION');
  expect(classifySmtp(dead, false)).toBeInstanceOf(RetryLater);
  expect(classifySmtp(dead, true)).toBeInstanceOf(Unsure);
});

test('R64 the server’s own words, which may quote the address, are not shown', () => {
  const error = classifySmtp(failure(550, '550 5.1.1 <maya@fans.example> is unknown'), false);
  expect(error.message).not.toContain('maya');
});
