import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import type { FakeOptions, SmsFake } from '../connector.ts';
import { createFaults } from '../kit/email/faults.ts';
import { createLives, type LifeSettings } from '../kit/sms/lives.ts';
import type { NetworkSwitches } from '../kit/sms/network.ts';
import { fictionalNumber } from '../kit/sms/fictional-number.ts';
import { telnyx } from './connector.ts';
import { createTelnyxResource } from './fake/api.ts';
import { refuse } from './fake/errors.ts';
import { magicEnd } from './fake/magic.ts';
import { createTelnyxNetwork } from './fake/network.ts';
import { createPhones } from './fake/phone.ts';
import { createTelnyxState, type FakeMessage, type FakeNumber } from './fake/state.ts';

export interface TelnyxFakeOptions extends FakeOptions {
  callbacks?: Partial<LifeSettings>;
}

export interface TelnyxFake extends SmsFake {
  /** Changes a number that was added, or adds another to the account and profile of `like`. */
  setNumber(number: Partial<FakeNumber> & { number: string }, like?: string): Promise<void>;
  /** What happens to a call during the faults `timeout` and `garbage`: done, with the answer lost, or not done. */
  setLostAnswer(what: 'carried_out' | 'not_carried_out'): void;
  setNetwork(switches: Partial<NetworkSwitches>): void;
  setCallbacks(settings: Partial<LifeSettings>): void;
  /** Stops like a process that ends; a new fake over the same store goes on where this one was. */
  close(): void;
}

/** A small Telnyx: messages, detail records, webhooks and the phones. */
export function createTelnyxFake(options: TelnyxFakeOptions): TelnyxFake {
  const { now } = options;
  const state = createTelnyxState(options.store);
  const network = createTelnyxNetwork(options.deliver);
  const lives = createLives<FakeMessage>({
    now,
    settings: options.callbacks ?? {},
    isReordered: () => network.switches.reorder,
    // Carriers refuse what the provider handed to them.
    endOf: (errorCode) => ({
      status: errorCode === undefined ? 'delivered' : 'delivery_failed',
      neverLeft: false,
    }),
    async tell(message, url, { status, errorCode }) {
      const owner = state.number(message.from);
      if (owner === undefined) return;
      const type = status === 'sent' ? 'message.sent' : 'message.finalized';
      await network.tell(owner, url, { type, message: { ...message, status, errorCode }, at: now() });
    },
    changed: (message) => state.texts.changed(message),
  });
  const resource = createTelnyxResource({ state, lives, now });
  const phones = createPhones({ state, network, now });
  const faults = createFaults({ error: () => refuse(10007), rateLimited: () => refuse(10011) });
  const calls: { method: string; path: string; status: number; at: string }[] = [];

  const ready = state.load().then(() => {
    for (const message of state.texts.list())
      if (isOnItsWay(message)) lives.follow(message, magicEnd(message.to));
  });
  // Thrown again to whoever awaits it first.
  ready.catch(() => {});

  return {
    async fetch(request) {
      await ready;
      const url = new URL(request.url);
      const path = url.pathname.slice(Math.max(url.pathname.indexOf('/v2/'), 0));
      // Read before any fault: a caller that went away would take its body along.
      const body = ['POST', 'PUT'].includes(request.method) ? await request.text() : '';
      const { method, headers } = request;
      const response = await faults.answer(request, () =>
        resource({
          method,
          path,
          query: url.searchParams,
          authorization: headers.get('authorization'),
          contentType: headers.get('content-type'),
          body,
        }),
      );
      calls.push({ method, path, status: response.status, at: now().toISOString() });
      return response;
    },
    setFault: faults.set,
    setLostAnswer: faults.setLostAnswer,
    calls: () => calls,
    connectionSettings: () => settingsOf({ ...newAccount(formKeys()), number: fictionalNumber() }),
    async own(settings) {
      await ready;
      const { data } = telnyx.settings.safeParse(settings);
      if (data === undefined) return;
      const inboundUrl = options.webhookUrl?.() ?? null;
      for (const { number } of data.numbers) {
        const known = state.number(number) ?? newAccount(formKeys());
        const { apiKey, optOutHandling, messagingProfileId: profileId = known.profileId } = data;
        await state.setNumber({ ...known, number, apiKey, profileId, optOutHandling, inboundUrl });
      }
    },
    async addNumber(number, inboundUrl) {
      await ready;
      const owned = { ...(state.number(number) ?? newAccount()), number, inboundUrl };
      await state.setNumber(owned);
      return settingsOf(owned);
    },
    async setNumber(number, like = number.number) {
      await ready;
      const own = state.number(number.number) ?? state.number(like) ?? newAccount();
      await state.setNumber({ ...own, ...number });
    },
    async receiveText(text) {
      await ready;
      return phones.receiveText(text);
    },
    async texts(filter) {
      await ready;
      return state.texts.views(filter);
    },
    setNetwork: (switches) => void Object.assign(network.switches, switches),
    setCallbacks: (settings) => void Object.assign(lives.settings, settings),
    async settled() {
      await ready;
      await lives.settled();
    },
    close: () => lives.close(),
  };
}

function isOnItsWay({ direction, status }: FakeMessage): boolean {
  return direction === 'outbound' && (status === 'queued' || status === 'sent');
}

/** An account with one profile, as it is before a number is bought. */
function newAccount(keys = newKeys()): Omit<FakeNumber, 'number'> {
  return {
    apiKey: `KEY${randomBytes(16).toString('hex').toUpperCase()}_${randomBytes(11).toString('hex')}`,
    ...keys,
    profileId: randomUUID(),
    inboundUrl: null,
    optOutHandling: 'provider',
    optInWords: [],
  };
}

type Keys = Pick<FakeNumber, 'privateKey' | 'publicKey'>;

function newKeys(): Keys {
  return keysOf(generateKeyPairSync('ed25519').privateKey);
}

/**
 * Of every account whose settings were filled in by a form: who fills it in tells the fake a public
 * key, and it has to sign with the private one. An operator who enters another key sees his webhooks
 * refused, as with the provider.
 */
function formKeys(): Keys {
  const seed = createHash('sha256').update('a key for fakes').digest();
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return keysOf(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

function keysOf(privateKey: KeyObject): Keys {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: Buffer.from(x, 'base64url').toString('base64'),
  };
}

/** What is entered in Segue for a connection over this number. */
function settingsOf({ apiKey, publicKey, profileId, number }: FakeNumber): Record<string, unknown> {
  return {
    apiKey,
    publicKey,
    messagingProfileId: profileId,
    numbers: [{ number, type: '10dlc' }],
    optOutHandling: 'provider',
  };
}
