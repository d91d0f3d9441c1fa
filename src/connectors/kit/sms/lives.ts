import { setTimeout as wait } from 'node:timers/promises';

/** A text on its way, as far as its life goes. */
export interface LivingText {
  from: string;
  parts: number;
  status: string;
  sentAt: string | null;
  errorCode: number | null;
  /** Where its states are reported; null: nowhere. */
  statusCallback: string | null;
}

export interface LifeSettings {
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

export interface LifeOptions<T extends LivingText> {
  now: () => Date;
  settings: Partial<LifeSettings>;
  /** Whether later reports overtake earlier ones at the moment. */
  isReordered: () => boolean;
  /** The last state; `neverLeft`: it is not sent before that. */
  endOf: (errorCode: number | undefined) => { status: string; neverLeft: boolean };
  tell: (text: T, url: string, report: { status: string; errorCode: number | null }) => Promise<unknown>;
  /** Stores a text that was changed in place. */
  changed: (text: T) => Promise<void>;
}

export interface Lives<T extends LivingText> {
  readonly settings: LifeSettings;
  /** Takes over an accepted text until its last state; `errorCode` makes it fail. */
  follow(text: T, errorCode?: number): void;
  /** Resolves when no text is on its way and no call is under way. */
  settled(): Promise<void>;
  /** Forgets what is under way, as the end of a process would. */
  close(): void;
}

/** How texts of an SMS fake go from the provider to the phone, with a report of each state. */
export function createLives<T extends LivingText>(options: LifeOptions<T>): Lives<T> {
  const { now, isReordered, endOf } = options;
  const settings: LifeSettings = {
    mode: 'on',
    sentAfterMs: 50,
    deliveredAfterMs: 150,
    partsPerSecond: 0,
    concurrency: 32,
    ...options.settings,
  };
  const closed = new AbortController();
  const underWay = new Set<Promise<void>>();
  const freeAt = new Map<string, number>();
  const gate = createGate(() => settings.concurrency);

  /** A sender's parts leave one after another. */
  function pacingDelay(text: T): number {
    if (settings.partsPerSecond === 0) return 0;
    const start = Math.max(Date.now(), freeAt.get(text.from) ?? 0);
    freeAt.set(text.from, start + (text.parts * 1000) / settings.partsPerSecond);
    return start - Date.now();
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: closed.signal, ref: false });
  }

  async function tell(text: T, status: string, errorCode: number | null): Promise<void> {
    const { statusCallback } = text;
    if (statusCallback === null || closed.signal.aborted) return;
    await gate(() => options.tell(text, statusCallback, { status, errorCode }));
  }

  async function live(text: T, errorCode: number | undefined): Promise<void> {
    const { status: last, neverLeft } = endOf(errorCode);
    await pause(settings.sentAfterMs + pacingDelay(text));
    if (!neverLeft && text.status !== 'sent') {
      text.status = 'sent';
      text.sentAt = now().toISOString();
      if (!isReordered()) await tell(text, 'sent', null);
    }
    await pause(settings.deliveredAfterMs);
    text.status = last;
    text.errorCode = errorCode ?? null;
    await options.changed(text);
    await tell(text, last, errorCode ?? null);
    if (!neverLeft && isReordered()) await tell(text, 'sent', null);
  }

  return {
    settings,
    follow(text, errorCode) {
      // Cut short by `close` or a lost store, a text stays as it is and the next process takes it up.
      const life = live(text, errorCode).catch(() => {});
      underWay.add(life);
      void life.then(() => underWay.delete(life));
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    close: () => closed.abort(),
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
