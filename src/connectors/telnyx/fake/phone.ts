import { createHash, randomUUID } from 'node:crypto';
import type { PhoneText } from '../../connector.ts';
import { countParts } from '../../kit/sms/parts.ts';
import { readOptOutWord } from '../opt-out-words.ts';
import type { TelnyxNetwork } from './network.ts';
import type { FakeMessage, FakeNumber, FakeSetting, TelnyxState } from './state.ts';

type Understood = NonNullable<FakeMessage['autoresponse']>;

const replies: Record<Understood, string> = {
  STOP: 'You left and get no more texts from this number. Text START to come back.',
  START: 'You are back. Text STOP to leave, HELP for help.',
  HELP: 'Text STOP to leave. Message and data rates may apply.',
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The same id for the same name, in the provider's form. */
function idOf(name: string | undefined): string {
  if (name === undefined) return randomUUID();
  if (uuid.test(name)) return name;
  return createHash('md5')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The phones' side: texts in, the provider's own answers to STOP, START and HELP, and the webhook. */
export function createPhones(parts: { state: TelnyxState; network: TelnyxNetwork; now: () => Date }) {
  const { state, network, now } = parts;

  async function reply(number: FakeNumber, phone: string, body: string): Promise<void> {
    const at = now().toISOString();
    const message = { ...newMessage(number, at), from: number.number, to: phone, body };
    await state.texts.add({ ...message, parts: countParts(body), status: 'delivered', sentAt: at });
  }

  /** Blocks, unblocks and answers like the provider. */
  async function obey(number: FakeNumber, phone: string, understood: Understood): Promise<void> {
    const wasBlocked = state.blocks.has(number.profileId, phone);
    if (understood === 'STOP') await state.blocks.set(number.profileId, phone, true);
    if (understood === 'START') await state.blocks.set(number.profileId, phone, false);
    // Only a change is confirmed, and a blocked phone gets nothing, help included.
    const isAnswered = understood === 'START' ? wasBlocked : !wasBlocked;
    if (isAnswered) await reply(number, phone, replies[understood]);
  }

  async function take(number: FakeNumber, text: PhoneText, id: string): Promise<FakeMessage> {
    const understood = readWord(number, text, state.settingsOf(number.profileId));
    const message: FakeMessage = {
      ...newMessage(number, now().toISOString()),
      id,
      callerId: text.id ?? null,
      from: text.from,
      to: text.to,
      body: text.body,
      parts: countParts(text.body),
      status: 'received',
      direction: 'inbound',
      statusCallback: number.inboundUrl,
      mediaCount: text.mediaCount ?? 0,
      autoresponse: understood,
    };
    await state.texts.add(message);
    if (understood !== null) await obey(number, text.from, understood);
    return message;
  }

  return {
    /** See `SmsFake`. */
    async receiveText(text: PhoneText): Promise<{ id: string; webhookStatus: number | null } | null> {
      const number = state.number(text.to);
      if (number === undefined) return null;
      const id = idOf(text.id);
      const message = state.texts.find(id) ?? (await take(number, text, id));
      const { inboundUrl } = number;
      const shown = message.callerId ?? id;
      if (inboundUrl === null) return { id: shown, webhookStatus: null };
      const event = { type: 'message.received' as const, message, at: now() };
      const status = await network.overtaken(() => network.tell(number, inboundUrl, event));
      return { id: shown, webhookStatus: status };
    },
  };
}

const meanings = { start: 'START', stop: 'STOP', info: 'HELP' } as const;

/** The words of every profile come first, then those that somebody added for the fan's country. */
function readWord(number: FakeNumber, { from, body }: PhoneText, settings: FakeSetting[]): Understood | null {
  if (number.optOutHandling === 'segue') return null;
  const word = readOptOutWord(body);
  if (word !== null) return word === 'stop' ? 'STOP' : word === 'help' ? 'HELP' : 'START';
  const isSaid = (words: readonly string[]) =>
    words.some((added) => added.toUpperCase() === body.trim().toUpperCase());
  if (isSaid(number.optInWords)) return 'START';
  const found = settings.find(({ countryCode, keywords }) => isFrom(from, countryCode) && isSaid(keywords));
  return found === undefined ? null : meanings[found.op];
}

/** North America from the rest: finer than that no test asks. */
function isFrom(phone: string, country: string): boolean {
  return phone.startsWith('+1') === ['US', 'CA', 'PR'].includes(country);
}

function newMessage(number: FakeNumber, at: string): FakeMessage {
  return {
    id: randomUUID(),
    callerId: null,
    apiKey: number.apiKey,
    profileId: number.profileId,
    from: '',
    to: '',
    body: '',
    parts: 0,
    status: '',
    direction: 'outbound',
    createdAt: at,
    sentAt: null,
    errorCode: null,
    statusCallback: null,
    mediaCount: 0,
    autoresponse: null,
  };
}
