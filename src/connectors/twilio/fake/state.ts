import type { FakeStore } from '../../connector.ts';

/** A number as an account of the fake owns it. */
export interface FakeNumber {
  number: string;
  accountSid: string;
  authToken: string;
  /** Where texts to this number are reported; null: nowhere. */
  inboundUrl: string | null;
  optOutHandling: 'provider' | 'segue';
  /** Advanced Opt-Out: the webhook then says what the provider understood, and opt-in words can be added. */
  advancedOptOut: boolean;
  optInWords: readonly string[];
  messagingServiceSid: string | null;
}

export interface FakeMessage {
  sid: string;
  /** The id that a phone named its text by; null for everything else. */
  callerId: string | null;
  accountSid: string;
  from: string;
  to: string;
  body: string;
  parts: number;
  status: string;
  direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  createdAt: string;
  sentAt: string | null;
  errorCode: number | null;
  statusCallback: string | null;
  messagingServiceSid: string | null;
  mediaCount: number;
  zip: string | null;
}

/** What the fake knows, in memory; every change is in the store before its function ends. */
export interface TwilioState {
  /** Reads what an earlier process left; the rest may be used once it has ended. */
  load(): Promise<void>;
  setNumber(number: FakeNumber): Promise<void>;
  number(number: string): FakeNumber | undefined;
  numbersOf(accountSid: string): FakeNumber[];
  tokenOf(accountSid: string): string | undefined;
  /** The account whose `Authorization` header this is. */
  accountOf(authorization: string): string | undefined;
  add(message: FakeMessage): Promise<void>;
  /** Stores a message that was changed in place. */
  changed(message: FakeMessage): Promise<void>;
  message(sid: string): FakeMessage | undefined;
  /** Oldest first; everything, or what one number sent and got. */
  messages(number?: string): readonly FakeMessage[];
  isBlocked(scope: string, phone: string): boolean;
  setBlocked(scope: string, phone: string, isBlocked: boolean): Promise<void>;
}

const collections = { numbers: 'twilio.numbers', messages: 'twilio.messages', blocks: 'twilio.blocks' };

export function createTwilioState(store: FakeStore): TwilioState {
  const numbers = new Map<string, FakeNumber>();
  const tokens = new Map<string, string>();
  const accounts = new Map<string, string>();
  const messages = new Map<string, FakeMessage>();
  const ordered: FakeMessage[] = [];
  const byNumber = new Map<string, FakeMessage[]>();
  const blocks = new Set<string>();

  function keepNumber(number: FakeNumber): void {
    numbers.set(number.number, number);
    tokens.set(number.accountSid, number.authToken);
    const basic = Buffer.from(`${number.accountSid}:${number.authToken}`).toString('base64');
    // A changed token ends the old one.
    for (const [header, sid] of accounts) if (sid === number.accountSid) accounts.delete(header);
    accounts.set(`Basic ${basic}`, number.accountSid);
  }

  function keepMessage(message: FakeMessage): void {
    messages.set(message.sid, message);
    ordered.push(message);
    for (const number of new Set([message.from, message.to])) {
      const list = byNumber.get(number);
      if (list === undefined) byNumber.set(number, [message]);
      else list.push(message);
    }
  }

  return {
    async load() {
      // The casts: nobody but this file writes these collections.
      for (const { value } of await store.list(collections.numbers)) keepNumber(value as FakeNumber);
      for (const { value } of await store.list(collections.messages)) keepMessage(value as FakeMessage);
      for (const { id } of await store.list(collections.blocks)) blocks.add(id);
    },
    async setNumber(number) {
      keepNumber(number);
      await store.put(collections.numbers, number.number, number);
    },
    number: (number) => numbers.get(number),
    numbersOf: (accountSid) => [...numbers.values()].filter((number) => number.accountSid === accountSid),
    tokenOf: (accountSid) => tokens.get(accountSid),
    accountOf: (authorization) => accounts.get(authorization),
    async add(message) {
      // In memory first: a second call with the same id must see it while the store is still writing.
      keepMessage(message);
      await store.append(collections.messages, message.sid, message);
    },
    changed: (message) => store.put(collections.messages, message.sid, message),
    message: (sid) => messages.get(sid),
    messages: (number) => (number === undefined ? ordered : (byNumber.get(number) ?? [])),
    isBlocked: (scope, phone) => blocks.has(`${scope}|${phone}`),
    async setBlocked(scope, phone, isBlocked) {
      const id = `${scope}|${phone}`;
      if (isBlocked) {
        blocks.add(id);
        await store.put(collections.blocks, id, true);
      } else {
        blocks.delete(id);
        await store.remove(collections.blocks, id);
      }
    },
  };
}

/** An opt-out blocks one number, or with a Messaging Service its whole pool. */
export function blockScope(number: FakeNumber): string {
  return number.messagingServiceSid ?? number.number;
}
