import { createHash, randomUUID } from 'node:crypto';
import type { PhoneText } from '../../connector.ts';
import { countParts } from '../../kit/sms/parts.ts';
import type { TwilioNetwork } from './network.ts';
import { blockScope, type FakeMessage, type FakeNumber, type TwilioState } from './state.ts';

const stopWords = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);
const helpWords = new Set(['HELP', 'INFO']);

const replies = {
  STOP: 'You are unsubscribed and no more texts will come from this number. Text START to come back.',
  START: 'You are subscribed again. Text STOP to leave, HELP for help.',
  HELP: 'Text STOP to unsubscribe. Message and data rates may apply.',
};

/** From a UUID: the only random source that Node keeps in stock, and this is the hot path of a bench. */
export function newMessageSid(): string {
  return `SM${randomUUID().replaceAll('-', '')}`;
}

export function sidOf(id: string | undefined): string {
  if (id === undefined) return newMessageSid();
  return /^(SM|MM)[0-9a-f]{32}$/.test(id) ? id : `SM${createHash('md5').update(id).digest('hex')}`;
}

/** The phones' side: texts in, the provider's own answers to STOP, START and HELP, and the webhook. */
export function createPhones(parts: { state: TwilioState; network: TwilioNetwork; now: () => Date }) {
  const { state, network, now } = parts;

  async function reply(number: FakeNumber, phone: string, body: string): Promise<void> {
    const at = now().toISOString();
    await state.texts.add({
      sid: newMessageSid(),
      callerId: null,
      accountSid: number.accountSid,
      from: number.number,
      to: phone,
      body,
      parts: countParts(body),
      status: 'delivered',
      direction: 'outbound-reply',
      createdAt: at,
      sentAt: at,
      errorCode: null,
      statusCallback: null,
      messagingServiceSid: number.messagingServiceSid,
      mediaCount: 0,
      zip: null,
    });
  }

  /** Blocks, unblocks and answers like the provider; what it understood, null if nothing. */
  async function handleOptOut(number: FakeNumber, text: PhoneText): Promise<keyof typeof replies | null> {
    if (number.optOutHandling === 'segue') return null;
    const understood = readWord(number, text.body);
    if (understood === null) return null;
    const scope = blockScope(number);
    const wasBlocked = state.blocks.has(scope, text.from);
    if (understood === 'STOP') await state.blocks.set(scope, text.from, true);
    if (understood === 'START') await state.blocks.set(scope, text.from, false);
    // Only a change is confirmed, and a blocked phone gets nothing, help included.
    const isAnswered = understood === 'START' ? wasBlocked : !wasBlocked;
    if (isAnswered) await reply(number, text.from, replies[understood]);
    return understood;
  }

  return {
    /** See `SmsFake`. */
    async receiveText(text: PhoneText): Promise<{ id: string; webhookStatus: number | null } | null> {
      const number = state.number(text.to);
      if (number === undefined) return null;
      const sid = sidOf(text.id);
      let message = state.texts.find(sid);
      let understood: string | null = null;
      if (message === undefined) {
        message = inboundMessage(number, text, sid, now().toISOString());
        await state.texts.add(message);
        understood = await handleOptOut(number, text);
      } else {
        understood = number.optOutHandling === 'provider' ? readWord(number, message.body) : null;
      }
      const id = message.callerId ?? sid;
      if (number.inboundUrl === null) return { id, webhookStatus: null };
      const { inboundUrl } = number;
      const fields = inboundFields(message, number.advancedOptOut ? understood : null);
      return {
        id,
        webhookStatus: await network.overtaken(() => network.call(inboundUrl, number.authToken, fields)),
      };
    },
  };
}

function readWord(number: FakeNumber, body: string): keyof typeof replies | null {
  const word = body.trim().toUpperCase();
  if (stopWords.has(word)) return 'STOP';
  if (startWords.has(word)) return 'START';
  if (helpWords.has(word)) return 'HELP';
  const isOptIn = number.advancedOptOut && number.optInWords.some((optIn) => optIn.toUpperCase() === word);
  return isOptIn ? 'START' : null;
}

function inboundMessage(number: FakeNumber, text: PhoneText, sid: string, at: string): FakeMessage {
  return {
    sid,
    callerId: text.id ?? null,
    accountSid: number.accountSid,
    from: text.from,
    to: text.to,
    body: text.body,
    parts: countParts(text.body),
    status: 'received',
    direction: 'inbound',
    createdAt: at,
    sentAt: at,
    errorCode: null,
    statusCallback: null,
    messagingServiceSid: number.messagingServiceSid,
    mediaCount: text.mediaCount ?? 0,
    zip: text.zip ?? null,
  };
}

function inboundFields(message: FakeMessage, optOutType: string | null): Record<string, string> {
  return {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: message.sid,
    NumMedia: String(message.mediaCount),
    ToCity: '',
    FromZip: message.zip ?? '',
    SmsSid: message.sid,
    FromState: '',
    SmsStatus: 'received',
    FromCity: '',
    Body: message.body,
    FromCountry: 'US',
    To: message.to,
    ...(message.messagingServiceSid !== null && { MessagingServiceSid: message.messagingServiceSid }),
    ToZip: '',
    NumSegments: String(message.parts),
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: message.from,
    ApiVersion: '2010-04-01',
    ...(optOutType !== null && { OptOutType: optOutType }),
  };
}
