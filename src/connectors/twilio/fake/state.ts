import type { FakeStore } from '../../connector.ts';
import { createBlocks, type Blocks } from '../../kit/sms/blocks.ts';
import { createTexts, type Texts } from '../../kit/sms/texts.ts';

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
  texts: Texts<FakeMessage>;
  blocks: Blocks;
  setNumber(number: FakeNumber): Promise<void>;
  number(number: string): FakeNumber | undefined;
  numbersOf(accountSid: string): FakeNumber[];
  tokenOf(accountSid: string): string | undefined;
  /** The account whose `Authorization` header this is. */
  accountOf(authorization: string): string | undefined;
}

const numbersCollection = 'twilio.numbers';

export function createTwilioState(store: FakeStore): TwilioState {
  const numbers = new Map<string, FakeNumber>();
  const tokens = new Map<string, string>();
  const accounts = new Map<string, string>();
  const texts = createTexts<FakeMessage>({
    store,
    collection: 'twilio.messages',
    idOf: ({ sid }) => sid,
    lost: new Set(['failed', 'undelivered']),
  });
  const blocks = createBlocks(store, 'twilio.blocks');

  function keepNumber(number: FakeNumber): void {
    numbers.set(number.number, number);
    tokens.set(number.accountSid, number.authToken);
    const basic = Buffer.from(`${number.accountSid}:${number.authToken}`).toString('base64');
    // A changed token ends the old one.
    for (const [header, sid] of accounts) if (sid === number.accountSid) accounts.delete(header);
    accounts.set(`Basic ${basic}`, number.accountSid);
  }

  return {
    texts,
    blocks,
    async load() {
      // The cast: nobody but this file writes the collection.
      for (const { value } of await store.list(numbersCollection)) keepNumber(value as FakeNumber);
      await texts.load();
      await blocks.load();
    },
    async setNumber(number) {
      keepNumber(number);
      await store.put(numbersCollection, number.number, number);
    },
    number: (number) => numbers.get(number),
    numbersOf: (accountSid) => [...numbers.values()].filter((number) => number.accountSid === accountSid),
    tokenOf: (accountSid) => tokens.get(accountSid),
    accountOf: (authorization) => accounts.get(authorization),
  };
}

/** An opt-out blocks one number, or with a Messaging Service its whole pool. */
export function blockScope(number: FakeNumber): string {
  return number.messagingServiceSid ?? number.number;
}
