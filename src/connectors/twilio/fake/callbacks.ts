import { setTimeout as wait } from 'node:timers/promises';
import type { FakeNetwork } from './network.ts';
import type { FakeMessage, TwilioState } from './state.ts';

export interface CallbackSettings {
  /** `off`: every text counts as delivered at once and nobody is told. */
  mode: 'on' | 'off';
  /** Real milliseconds from acceptance to `sent`. */
  sentAfterMs: number;
  /** Real milliseconds from `sent` to the last state. */
  deliveredAfterMs: number;
  /** Parts a second that one sender hands to the carrier; 0: no pacing. */
  partsPerSecond: number;
  /** Calls towards Segue at the same time. */
  concurrency: number;
}

export interface StatusCallbacks {
  readonly settings: CallbackSettings;
  /** Takes over an accepted message until its last state; `finalCode` makes it fail. */
  follow(message: FakeMessage, finalCode?: number): void;
  /** Resolves when no message is on its way and no call is under way. */
  settled(): Promise<void>;
  /** Forgets what is under way, as the end of a process would. */
  close(): void;
}

export function createStatusCallbacks(parts: {
  state: TwilioState;
  network: FakeNetwork;
  now: () => Date;
  settings: Partial<CallbackSettings>;
}): StatusCallbacks {
  const { state, network, now } = parts;
  const settings: CallbackSettings = {
    mode: 'on',
    sentAfterMs: 50,
    deliveredAfterMs: 150,
    partsPerSecond: 0,
    concurrency: 32,
    ...parts.settings,
  };
  const closed = new AbortController();
  const underWay = new Set<Promise<void>>();
  const freeAt = new Map<string, number>();
  const gate = createGate(() => settings.concurrency);

  /** A sender's parts leave one after another. */
  function pacingDelay(message: FakeMessage): number {
    if (settings.partsPerSecond === 0) return 0;
    const start = Math.max(Date.now(), freeAt.get(message.from) ?? 0);
    freeAt.set(message.from, start + (message.parts * 1000) / settings.partsPerSecond);
    return start - Date.now();
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: closed.signal, ref: false });
  }

  async function tell(message: FakeMessage, status: string, errorCode: number | null): Promise<void> {
    const token = state.tokenOf(message.accountSid);
    if (message.statusCallback === null || token === undefined || closed.signal.aborted) return;
    const { statusCallback } = message;
    await gate(() => network.call(statusCallback, token, callbackFields(message, status, errorCode, now())));
  }

  async function live(message: FakeMessage, finalCode: number | undefined): Promise<void> {
    const last = finalStatus(finalCode);
    const isRejected = last === 'failed';
    await pause(settings.sentAfterMs + pacingDelay(message));
    if (!isRejected && message.status !== 'sent') {
      message.status = 'sent';
      message.sentAt = now().toISOString();
      if (!network.switches.reorder) await tell(message, 'sent', null);
    }
    await pause(settings.deliveredAfterMs);
    message.status = last;
    message.errorCode = finalCode ?? null;
    await state.changed(message);
    await tell(message, last, finalCode ?? null);
    if (!isRejected && network.switches.reorder) await tell(message, 'sent', null);
  }

  return {
    settings,
    follow(message, finalCode) {
      // Cut short by `close` or a lost store, a message stays as it is and the next process takes it up.
      const life = live(message, finalCode).catch(() => {});
      underWay.add(life);
      void life.then(() => underWay.delete(life));
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    close: () => closed.abort(),
  };
}

function finalStatus(finalCode: number | undefined): string {
  if (finalCode === undefined) return 'delivered';
  // An opt-out found by a Messaging Service never leaves the provider; the rest fails at the carrier.
  return finalCode === 21610 ? 'failed' : 'undelivered';
}

function callbackFields(
  message: FakeMessage,
  status: string,
  errorCode: number | null,
  at: Date,
): Record<string, string> {
  return {
    ...(errorCode !== null && { ErrorCode: String(errorCode) }),
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    To: message.to,
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: message.from,
    ApiVersion: '2010-04-01',
    ...(message.messagingServiceSid !== null && { MessagingServiceSid: message.messagingServiceSid }),
    // YYMMDDhhmm, no zone.
    ...(status === 'delivered' && { RawDlrDoneDate: at.toISOString().replace(/\D/g, '').slice(2, 12) }),
  };
}

/** At most `limit()` calls at once, the others in order. */
function createGate(limit: () => number): <T>(call: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (running >= limit()) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await call();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
