import { newId } from '#lib/ids.ts';
import type { EmailMessage } from '../connector.ts';

export const reference = { projectId: newId(), intentId: newId() };
export const unsubscribe = 'https://segue.example/u/0123456789abcdefghijkl';

export type Mail = EmailMessage & { key: string };

let mails = 0;

/** A mail that nobody else sends. */
export function mailTo(to: string, change: Partial<EmailMessage> = {}): Mail {
  const id = `${++mails}`;
  return {
    from: { address: 'hello@mail.example', name: 'Luna Vale' },
    to,
    subject: `Nightglass is out ${id} – тест 🌙`,
    html: '<p>Hello <b>Maya</b>, a line that is quite long: ' + 'é'.repeat(100) + '</p>',
    text: `Hello Maya\n\n.a line with a dot\n${'é'.repeat(100)}`,
    headers: {
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    messageId: `${newId()}@mail.example`,
    reference,
    key: `run:${id}:`,
    ...change,
  };
}

/** What a promise was rejected with. */
export function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
}
