import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FakeFault, FakeOptions, PhoneView, SmsFake } from '../connector.ts';
import { createTwilioResource } from './fake/api.ts';
import { type CallbackSettings, createStatusCallbacks } from './fake/callbacks.ts';
import { refuse } from './fake/errors.ts';
import { magicEnd } from './fake/magic.ts';
import { createFakeNetwork, type NetworkSwitches } from './fake/network.ts';
import { createPhones } from './fake/phone.ts';
import { createTwilioState, type FakeMessage, type FakeNumber } from './fake/state.ts';

export interface TwilioFakeOptions extends FakeOptions {
  callbacks?: Partial<CallbackSettings>;
}

export interface TwilioFake extends SmsFake {
  /** Gives an account a number, or changes it; the account's token is the last one set. */
  setNumber(
    number: Pick<FakeNumber, 'number' | 'accountSid' | 'authToken'> & Partial<FakeNumber>,
  ): Promise<void>;
  /** What happens to a call during the faults `timeout` and `garbage`: done, with the answer lost, or not done. */
  setLostAnswer(what: 'carried_out' | 'not_carried_out'): void;
  setNetwork(switches: Partial<NetworkSwitches>): void;
  setCallbacks(settings: Partial<CallbackSettings>): void;
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
  const network = createFakeNetwork(options.deliver);
  const callbacks = createStatusCallbacks({ state, network, now, settings: options.callbacks ?? {} });
  const resource = createTwilioResource({ state, callbacks, now });
  const phones = createPhones({ state, network, now });
  const calls: { method: string; path: string; status: number; at: string }[] = [];
  let fault: FakeFault = { mode: 'ok' };
  let lostAnswer: 'carried_out' | 'not_carried_out' = 'not_carried_out';

  const ready = state.load().then(() => {
    for (const message of state.messages())
      if (isOnItsWay(message)) callbacks.follow(message, magicEnd(message.to));
  });
  // Thrown again to whoever awaits it first.
  ready.catch(() => {});

  function takeFault(): FakeFault {
    const taken = fault;
    if (fault.mode !== 'ok' && fault.count !== undefined) {
      fault = fault.count > 1 ? { ...fault, count: fault.count - 1 } : { mode: 'ok' };
    }
    return taken;
  }

  async function answer(request: Request, perform: () => Promise<Response>): Promise<Response> {
    const { mode, ms } = takeFault();
    if (mode === 'slow') await pause(ms ?? 2_000, request.signal);
    if (mode === 'ok' || mode === 'slow') return perform();
    if (mode === 'error') return refuse(20500);
    if (mode === 'rate_limited') return refuse(20429);
    if (mode === 'down') return new Response('<h1>Service unavailable</h1>', { status: 503 });
    if (lostAnswer === 'carried_out') await perform();
    if (mode === 'garbage')
      return new Response('{"sid": "SM', { headers: { 'content-type': 'application/json' } });
    await pause(ms ?? 30_000, request.signal);
    // For a caller that is still there: what a gateway says of a provider that did not answer it.
    return new Response('<h1>Gateway time-out</h1>', { status: 504 });
  }

  return {
    async fetch(request) {
      await ready;
      const url = new URL(request.url);
      const path = url.pathname.slice(Math.max(url.pathname.indexOf('/2010-04-01'), 0));
      // Read before any fault: a caller that went away would take its body along.
      const body = request.method === 'POST' ? await request.text() : '';
      const { method, headers } = request;
      const response = await answer(request, () =>
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
    setFault: (next) => void (fault = { ...next }),
    calls: () => calls,
    async addNumber(number, inboundUrl) {
      await ready;
      const known = state.number(number);
      const accountSid = known?.accountSid ?? `AC${randomBytes(16).toString('hex')}`;
      const authToken = known?.authToken ?? randomBytes(16).toString('hex');
      await state.setNumber({ ...newNumber, ...known, number, accountSid, authToken, inboundUrl });
      return { accountSid, authToken, numbers: [{ number, type: '10dlc' }], optOutHandling: 'provider' };
    },
    async setNumber(number) {
      await ready;
      await state.setNumber({ ...newNumber, ...number });
    },
    async receiveText(text) {
      await ready;
      return phones.receiveText(text);
    },
    async texts({ number, direction, limit = Infinity, before } = {}) {
      await ready;
      const found: PhoneView[] = [];
      let isAfter = before === undefined;
      for (const message of state.messages(number).toReversed()) {
        if (found.length >= limit) break;
        const view = toPhoneView(message);
        if (isAfter && isSeen(message, number) && (direction ?? view.direction) === view.direction)
          found.push(view);
        isAfter ||= view.id === before;
      }
      return found;
    },
    setLostAnswer: (what) => void (lostAnswer = what),
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

/** A number asked for as a phone shows its own side; a text that failed never reached one. */
function isSeen(message: FakeMessage, number: string | undefined): boolean {
  const isInbound = message.direction === 'inbound';
  if (!isInbound && (message.status === 'failed' || message.status === 'undelivered')) return false;
  return number === undefined || number === (isInbound ? message.from : message.to);
}

function toPhoneView(message: FakeMessage): PhoneView {
  const { sid, callerId, from, to, body, parts, status, createdAt } = message;
  const direction = message.direction === 'inbound' ? 'out' : 'in';
  return { id: callerId ?? sid, from, to, body, parts, status, direction, at: createdAt };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // A caller that hangs up ends the wait; the answer then goes nowhere.
  await wait(ms, undefined, { signal, ref: false }).catch(() => {});
}
