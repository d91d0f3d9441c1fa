import type { FakeStore } from '../../connector.ts';
import { createBlocks, type Blocks } from '../../kit/sms/blocks.ts';
import { createTexts, type Texts } from '../../kit/sms/texts.ts';

/** A number as an account of the fake owns it. */
export interface FakeNumber {
  number: string;
  apiKey: string;
  /** The account's key pair for webhooks: PKCS #8 in base64, and the 32 bytes of the portal. */
  privateKey: string;
  publicKey: string;
  /** The messaging profile: webhook, and scope of a block. */
  profileId: string;
  /** Where texts to this number are reported; null: nowhere. */
  inboundUrl: string | null;
  optOutHandling: 'provider' | 'segue';
  /** Added to the words of START in the profile. */
  optInWords: readonly string[];
}

export interface FakeMessage {
  id: string;
  /** The id that a phone named its text by; null for everything else. */
  callerId: string | null;
  apiKey: string;
  profileId: string;
  from: string;
  to: string;
  body: string;
  parts: number;
  status: string;
  direction: 'inbound' | 'outbound';
  createdAt: string;
  sentAt: string | null;
  errorCode: number | null;
  /** Where its states are reported. */
  statusCallback: string | null;
  mediaCount: number;
  /** What the provider took an inbound text for. */
  autoresponse: 'STOP' | 'START' | 'HELP' | null;
}

/** Words of a profile that mean START, STOP or HELP to fans of one country. */
export interface FakeSetting {
  id: string;
  profileId: string;
  op: 'start' | 'stop' | 'info';
  keywords: readonly string[];
  countryCode: string;
  answer: string | null;
  createdAt: string;
  updatedAt: string;
}

/** What the fake knows, in memory; every change is in the store before its function ends. */
export interface TelnyxState {
  /** Reads what an earlier process left; the rest may be used once it has ended. */
  load(): Promise<void>;
  texts: Texts<FakeMessage>;
  blocks: Blocks;
  setNumber(number: FakeNumber): Promise<void>;
  number(number: string): FakeNumber | undefined;
  numbersOf(apiKey: string): FakeNumber[];
  setSetting(setting: FakeSetting): Promise<void>;
  settingsOf(profileId: string): FakeSetting[];
}

const settingsCollection = 'telnyx.settings';
const numbersCollection = 'telnyx.numbers';

export function createTelnyxState(store: FakeStore): TelnyxState {
  const numbers = new Map<string, FakeNumber>();
  const settings = new Map<string, FakeSetting>();
  const texts = createTexts<FakeMessage>({
    store,
    collection: 'telnyx.messages',
    idOf: ({ id }) => id,
    lost: new Set(['sending_failed', 'delivery_failed']),
  });
  const blocks = createBlocks(store, 'telnyx.blocks');

  return {
    texts,
    blocks,
    async load() {
      for (const { value } of await store.list(numbersCollection)) {
        // The cast: nobody but this file writes the collection.
        const number = value as FakeNumber;
        numbers.set(number.number, number);
      }
      for (const { id, value } of await store.list(settingsCollection))
        settings.set(id, value as FakeSetting); // as above
      await texts.load();
      await blocks.load();
    },
    async setNumber(number) {
      numbers.set(number.number, number);
      await store.put(numbersCollection, number.number, number);
    },
    number: (number) => numbers.get(number),
    async setSetting(setting) {
      settings.set(setting.id, setting);
      await store.put(settingsCollection, setting.id, setting);
    },
    settingsOf: (profileId) => [...settings.values()].filter((one) => one.profileId === profileId),
    numbersOf: (apiKey) => [...numbers.values()].filter((number) => number.apiKey === apiKey),
  };
}
