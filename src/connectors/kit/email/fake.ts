import { systemClock } from '#lib/clock.ts';
import type { EmailFake, EmailReport, FakeOptions } from '../../connector.ts';
import { createFaults, type Faults, type FaultWords } from './faults.ts';
import { createMailboxes, type KeptMail, type Mailboxes } from './mailboxes.ts';

export interface HttpEmailFake extends EmailFake, Pick<Faults, 'setLostAnswer'> {
  /** Stops like a process that ends; a new fake over the same store goes on where this one was. */
  close(): void;
}

/** One call as it came in, its body read. */
export interface FakeCall {
  method: string;
  path: string;
  url: URL;
  headers: Headers;
  body: string;
}

export interface HttpEmailFakeParts {
  options: FakeOptions;
  words: FaultWords;
  settings: () => Record<string, unknown>;
  /** Answers a call as the provider does. */
  answer: (call: FakeCall, mailboxes: Mailboxes) => Promise<Response>;
  /** Calls to a service beside the one that takes mails: no fault hits them. */
  isBeside?: (call: FakeCall) => boolean;
  /** The provider's webhook for an event: headers and body. Null: it sends none for that. */
  hookOf: (
    mail: KeptMail,
    event: EmailReport['event'],
    at: { domain: Date; wall: Date },
  ) => { headers: Record<string, string>; body: string } | null;
  /** What the provider settles with the webhook's owner before it tells anything. */
  beforeHook?: () => Promise<void>;
  /** Reads what else is in the store. */
  load?: () => Promise<void>;
}

/** What e-mail fakes over HTTP have in common: mailboxes, faults, the list of calls, and the webhook. */
export function createHttpEmailFake(parts: HttpEmailFakeParts): HttpEmailFake {
  const { store, now, deliver, webhookUrl } = parts.options;
  const faults = createFaults(parts.words);
  const calls: { method: string; path: string; status: number; at: string }[] = [];
  const mailboxes = createMailboxes({
    store,
    now,
    async tell(mail, event) {
      const hook = parts.hookOf(mail, event, { domain: now(), wall: systemClock.now() });
      if (hook === null || webhookUrl === undefined) return true;
      await parts.beforeHook?.();
      const { status } = await deliver({ url: webhookUrl(), ...hook });
      return status >= 200 && status < 300;
    },
  });
  const ready = Promise.all([mailboxes.load(), parts.load?.()]);
  // Thrown again to whoever awaits it first.
  ready.catch(() => {});

  return {
    async fetch(request) {
      await ready;
      const url = new URL(request.url);
      const { method, headers } = request;
      // Read before any fault: a caller that went away would take its body along.
      const body = method === 'GET' || method === 'HEAD' ? '' : await request.text();
      const call = { method, path: url.pathname, url, headers, body };
      const perform = () => parts.answer(call, mailboxes);
      const response = parts.isBeside?.(call) ? await perform() : await faults.answer(request, perform);
      calls.push({ method, path: url.pathname, status: response.status, at: now().toISOString() });
      return response;
    },
    setFault: faults.set,
    setLostAnswer: faults.setLostAnswer,
    calls: () => calls,
    connectionSettings: parts.settings,
    async mails(filter) {
      await ready;
      return mailboxes.list(filter);
    },
    async complain(id) {
      await ready;
      const mail = mailboxes.get(id);
      if (mail !== undefined) mailboxes.report(mail, 'complaint');
      return mail !== undefined;
    },
    async settled() {
      await ready;
      await mailboxes.settled();
    },
    close: mailboxes.close,
  };
}
