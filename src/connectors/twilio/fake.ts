import { randomBytes } from 'node:crypto';
import type { FakeOptions, SmsFake } from '../connector.ts';
import { createFaults } from '../kit/email/faults.ts';
import { fictionalNumber } from '../kit/sms/fictional-number.ts';
import type { LifeSettings } from '../kit/sms/lives.ts';
import type { NetworkSwitches } from '../kit/sms/network.ts';
import { twilio } from './connector.ts';
import { createTwilioResource } from './fake/api.ts';
import { createStatusCallbacks } from './fake/callbacks.ts';
import { refuse } from './fake/errors.ts';
import { magicEnd } from './fake/magic.ts';
import { createTwilioNetwork } from './fake/network.ts';
import { createPhones } from './fake/phone.ts';
import { createTwilioState, type FakeMessage, type FakeNumber } from './fake/state.ts';

export interface TwilioFakeOptions extends FakeOptions {
  callbacks?: Partial<LifeSettings>;
}

export interface TwilioFake extends SmsFake {
  /** Gives an account a number, or changes it; the account's token is the last one set. */
  setNumber(
    number: Pick<FakeNumber, 'number' | 'accountSid' | 'authToken'> & Partial<FakeNumber>,
  ): Promise<void>;
  /** What happens to a call during the faults `timeout` and `garbage`: done, with the answer lost, or not done. */
  setLostAnswer(what: 'carried_out' | 'not_carried_out'): void;
  setNetwork(switches: Partial<NetworkSwitches>): void;
  setCallbacks(settings: Partial<LifeSettings>): void;
  /** Stops like a process that ends; a new fake over the same store goes on where this one was. */
  close(): void;
}

const newNumber = {
  inboundUrl: null,
  optOutHandling: 'provider',
  advancedOptOut: false,
  optInWords: [],
  messagingServiceSid: null,
} satisfies Partial<FakeNumber>;

/** A small Twilio: `Messages` of the REST API, status callbacks, inbound webhooks and the phones. */
export function createTwilioFake(options: TwilioFakeOptions): TwilioFake {
  const { now } = options;
  const state = createTwilioState(options.store);
  const network = createTwilioNetwork(options.deliver);
  const callbacks = createStatusCallbacks({ state, network, now, settings: options.callbacks ?? {} });
  const resource = createTwilioResource({ state, callbacks, now });
  const phones = createPhones({ state, network, now });
  const calls: { method: string; path: string; status: number; at: string }[] = [];
  const faults = createFaults({ error: () => refuse(20500), rateLimited: () => refuse(20429) });

  const ready = state.load().then(() => {
    for (const message of state.texts.list())
      if (isOnItsWay(message)) callbacks.follow(message, magicEnd(message.to));
  });
  // Thrown again to whoever awaits it first.
  ready.catch(() => {});

  return {
    async fetch(request) {
      await ready;
      const url = new URL(request.url);
      const path = url.pathname.slice(Math.max(url.pathname.indexOf('/2010-04-01'), 0));
      // Read before any fault: a caller that went away would take its body along.
      const body = request.method === 'POST' ? await request.text() : '';
      const { method, headers } = request;
      const response = await faults.answer(request, () =>
        resource({
          method,
          url,
          path,
          authorization: headers.get('authorization'),
          contentType: headers.get('content-type'),
          body,
        }),
      );
      calls.push({ method, path, status: response.status, at: now().toISOString() });
      return response;
    },
    setFault: faults.set,
    calls: () => calls,
    connectionSettings: () => settingsOf({ ...newCredentials(), number: fictionalNumber() }),
    async own(settings) {
      await ready;
      const { data } = twilio.settings.safeParse(settings);
      if (data === undefined) return;
      const { accountSid, authToken, optOutHandling, messagingServiceSid = null } = data;
      const inboundUrl = options.webhookUrl?.() ?? null;
      const account = { accountSid, authToken, optOutHandling, messagingServiceSid, inboundUrl };
      for (const { number } of data.numbers)
        await state.setNumber({ ...newNumber, ...state.number(number), ...account, number });
    },
    async addNumber(number, inboundUrl) {
      await ready;
      const owned = { ...newNumber, ...newCredentials(), ...state.number(number), number, inboundUrl };
      await state.setNumber(owned);
      return settingsOf(owned);
    },
    async setNumber(number) {
      await ready;
      await state.setNumber({ ...newNumber, ...number });
    },
    async receiveText(text) {
      await ready;
      return phones.receiveText(text);
    },
    async texts(filter) {
      await ready;
      return state.texts.views(filter);
    },
    setLostAnswer: faults.setLostAnswer,
    setNetwork: (switches) => void Object.assign(network.switches, switches),
    setCallbacks: (settings) => void Object.assign(callbacks.settings, settings),
    async settled() {
      await ready;
      await callbacks.settled();
    },
    close: () => callbacks.close(),
  };
}

function isOnItsWay(message: FakeMessage): boolean {
  return message.direction === 'outbound-api' && ['accepted', 'queued', 'sent'].includes(message.status);
}

function newCredentials() {
  const hex = () => randomBytes(16).toString('hex');
  return { accountSid: `AC${hex()}`, authToken: hex() };
}

/** What is entered in Segue for a connection over this number. */
function settingsOf(owned: Pick<FakeNumber, 'accountSid' | 'authToken' | 'number'>) {
  const { accountSid, authToken, number } = owned;
  return { accountSid, authToken, numbers: [{ number, type: '10dlc' }], optOutHandling: 'provider' };
}
