import { setTimeout as wait } from 'node:timers/promises';
import type { EmailReport, FakeStore, MailView } from '../../connector.ts';

/** A mail that a fake took. */
export interface KeptMail extends MailView {
  /** What becomes of it: by its address, as providers' own test addresses do. */
  fate: EmailReport['event'];
  /** Whatever the provider gives back with its reports. */
  tags: Record<string, string>;
}

export interface Mailboxes {
  /** Reads what an earlier process left; the rest may be used once it has ended. */
  load(): Promise<void>;
  /** Stored before it resolves; its report follows by itself. */
  add(mail: Omit<KeptMail, 'fate' | 'at'>): Promise<void>;
  /** Mails that reached their reader, newest first. */
  list(filter?: { address?: string; limit?: number; before?: string }): MailView[];
  get(id: string): KeptMail | undefined;
  /** Reports something that happened to a mail later on. */
  report(mail: KeptMail, event: EmailReport['event']): void;
  /** Resolves when every report was made. */
  settled(): Promise<void>;
  /** Forgets what is under way, as the end of a process would. */
  close: () => void;
}

/** Real milliseconds until a mail has met its fate. */
const fateAfterMs = 30;
/** A provider tries a webhook more than once. */
const attempts = 3;

/**
 * The mailboxes behind an e-mail fake: they keep every mail, decide by its address what becomes of it
 * and see that the provider's webhook tells. `tell` makes one call and answers whether it was taken.
 */
export function createMailboxes(parts: {
  store: FakeStore;
  now: () => Date;
  tell: (mail: KeptMail, event: EmailReport['event']) => Promise<boolean>;
}): Mailboxes {
  const { store, now, tell } = parts;
  const mails = new Map<string, KeptMail>();
  const closed = new AbortController();
  const underWay = new Set<Promise<void>>();

  function report(mail: KeptMail, event: EmailReport['event']): void {
    const life = tellUntilTaken(mail, event).catch(() => {});
    underWay.add(life);
    void life.then(() => underWay.delete(life));
  }

  async function tellUntilTaken(mail: KeptMail, event: EmailReport['event']): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await wait(fateAfterMs * attempt, undefined, { signal: closed.signal, ref: false });
      if (await tell(mail, event).catch(() => false)) return;
    }
  }

  return {
    async load() {
      // The cast: nobody but this file writes the collection.
      for (const { id, value } of await store.list(collection)) mails.set(id, value as KeptMail);
    },
    async add(given) {
      const mail = { ...given, at: now().toISOString(), fate: fateOf(given.to) };
      mails.set(mail.id, mail);
      await store.append(collection, mail.id, mail);
      report(mail, mail.fate === 'complaint' ? 'delivered' : mail.fate);
      if (mail.fate === 'complaint') report(mail, 'complaint');
    },
    list({ address, limit = Infinity, before } = {}) {
      const wanted = address?.toLowerCase();
      const found: MailView[] = [];
      let isAfter = before === undefined;
      for (const mail of [...mails.values()].toReversed()) {
        if (found.length >= limit) break;
        const isThere = mail.fate !== 'hard_bounce' && mail.fate !== 'soft_bounce';
        if (isAfter && isThere && (wanted === undefined || mail.to.toLowerCase() === wanted))
          found.push(toView(mail));
        isAfter ||= mail.id === before;
      }
      return found;
    },
    get: (id) => mails.get(id),
    report,
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    close: () => closed.abort(),
  };
}

const collection = 'mails';

/** Test addresses of the kind that providers offer: the part before the @, up to a plus sign, says it. */
const fates: Readonly<Record<string, EmailReport['event']>> = {
  bounce: 'hard_bounce',
  bounced: 'hard_bounce',
  hardbounce: 'hard_bounce',
  suppressed: 'hard_bounce',
  softbounce: 'soft_bounce',
  complaint: 'complaint',
  complained: 'complaint',
  spamcomplaint: 'complaint',
};

export function fateOf(address: string): EmailReport['event'] {
  const [local = ''] = address.toLowerCase().split(/[+@]/);
  return Object.hasOwn(fates, local) ? (fates[local] ?? 'delivered') : 'delivered';
}

function toView({ id, from, to, subject, text, html, headers, at }: KeptMail): MailView {
  return { id, from, to, subject, text, html, headers, at };
}
