import { randomUUID } from 'node:crypto';
import type { EmailFake, FakeFault, FakeOptions } from '../connector.ts';
import { createFaults } from '../kit/email/faults.ts';
import { createMailboxes, fateOf } from '../kit/email/mailboxes.ts';
import { readMail } from './fake/mime.ts';

export interface SmtpFake extends EmailFake {
  /** One mail that came in over the door, as its headers and body travelled. */
  receive(envelope: { from: string; to: string }, raw: Buffer): Promise<string>;
  isAccount(user: string, password: string): boolean;
  /** A refusal at RCPT; null: the mailbox takes it. */
  refusalOf(address: string): { code: number; text: string } | null;
  /** Whether mails may come from this address. */
  isOwnAddress(address: string): boolean;
  /** The switches, for the door that speaks for this fake. */
  takeFault(): FakeFault;
  /** What happens to a mail whose answer gets lost (`timeout`, `garbage`). */
  readonly lostAnswer: 'carried_out' | 'not_carried_out';
  setLostAnswer(what: 'carried_out' | 'not_carried_out'): void;
  note(path: string, status: number): void;
  close(): void;
}

const user = 'segue';
const password = 'the password of the sandbox';
const domain = 'mail.example';

/** A small mail server: what it knows. How it speaks is in `fake/door.ts`, since it speaks no HTTP. */
export function createSmtpFake({ store, now }: FakeOptions): SmtpFake {
  const faults = createFaults({ error: noHttp, rateLimited: noHttp });
  const calls: { method: string; path: string; status: number; at: string }[] = [];
  // Nobody is told of anything: a mail server has no webhooks.
  const mailboxes = createMailboxes({ store, now, tell: () => Promise.resolve(true) });
  const ready = mailboxes.load();
  // Thrown again to whoever awaits it first.
  ready.catch(() => {});
  let lostAnswer: SmtpFake['lostAnswer'] = 'not_carried_out';

  return {
    fetch: () => Promise.resolve(noHttp()),
    setFault: faults.set,
    takeFault: faults.take,
    get lostAnswer() {
      return lostAnswer;
    },
    setLostAnswer: (what) => void (lostAnswer = what),
    calls: () => calls,
    note: (path, status) => void calls.push({ method: 'SMTP', path, status, at: now().toISOString() }),
    connectionSettings: () => ({
      host: 'smtp.mail.example',
      port: 587,
      security: 'starttls',
      user,
      password,
      fromAddress: `hello@${domain}`,
      dkimSelectors: ['sandbox'],
      mailsPerSecond: 100,
      connections: 4,
    }),
    isAccount: (given, word) => given === user && word === password,
    isOwnAddress: (address) => address.toLowerCase().endsWith(`@${domain}`),
    refusalOf(address) {
      const fate = fateOf(address);
      if (fate === 'hard_bounce') return { code: 550, text: '5.1.1 The email account does not exist' };
      if (fate === 'soft_bounce') return { code: 452, text: '4.2.2 The mailbox is full' };
      return null;
    },
    async receive(envelope, raw) {
      await ready;
      const { headers, text, html } = readMail(raw);
      const id = randomUUID();
      const from = headers['From'] ?? envelope.from;
      await mailboxes.add({
        id,
        from,
        to: envelope.to,
        subject: headers['Subject'] ?? '',
        text,
        html,
        headers,
        tags: {},
      });
      return id;
    },
    async mails(filter) {
      await ready;
      return mailboxes.list(filter);
    },
    // The complaint goes to the mail server's operator, and Segue never hears of it.
    complain: (id) => Promise.resolve(mailboxes.get(id) !== undefined),
    async settled() {
      await ready;
      await mailboxes.settled();
    },
    close: mailboxes.close,
  };
}

function noHttp(): Response {
  return new Response('This is a mail server.', { status: 404 });
}
