import { GiveUp, Unsure } from '#lib/errors.ts';
import { readOptOutWord } from './opt-out-words.ts';
import type { ClientOptions, InboundText, SentCount, SentText, SmsClient, SmsMessage } from '../connector.ts';
import { takeParts } from '../kit/sms/daily-parts.ts';
import { shortCodeCountry } from '../kit/sms/settings.ts';
import {
  createdAt,
  createTwilioApi,
  type TwilioApi,
  toDeliveryStatus,
  type TwilioMessage,
  toSentText,
} from './api.ts';
import { readTwilioSettings, type TwilioSettings, twilioRate } from './connector.ts';

/** Put before every text of a trial account. */
const trialPrefix = 'Sent from your Twilio trial account - ';

/**
 * Twilio's dates have no milliseconds and its clock is not ours. Looking a little further back can
 * at worst find an equal text to the same phone that nobody else holds; not far enough sends twice.
 */
const clockSlackMs = 5_000;

/** A pair of numbers exchanges no 2,500 texts while one send is settled. */
const findPageSize = 50;
const findMaxPages = 50;

const inboundPageSize = 200;

/** Half a million texts a day are more than any number may send. */
const countPageSize = 1_000;
const countMaxPages = 500;

/**
 * Twilio's Messages resource as an `SmsClient`. Never sends twice by itself: see `SmsClient.send`.
 * Each error's `reason` is one sentence with Twilio's code and its meaning.
 */
export function createTwilioClient(options: ClientOptions): SmsClient {
  const settings = readTwilioSettings(options.settings);
  const api = createTwilioApi(options, settings);
  const senders = settings.numbers.map((number) => ({
    kind: 'number' as const,
    value: number.number,
    country: shortCodeCountry(number),
    rate: twilioRate(number),
  }));

  return {
    async send(message, limits) {
      await takeParts(options, settings.partsPerDay, message.body);
      return toSentText(await api.create(toForm(message, settings), limits));
    },
    find: (message, search) => findSent(api, message, search),
    listInbound: (since) =>
      listInbound(
        api,
        senders.map(({ value }) => value),
        since,
      ),
    countSent: (day) =>
      countSent(
        api,
        senders.map(({ value }) => value),
        day,
      ),
    senders,
    optOutHandling: settings.optOutHandling,
    handlesItself: (body) => (settings.optOutHandling === 'provider' ? readOptOutWord(body) : null),
    rate: senders
      .map(({ rate }) => rate)
      .reduce((slowest, rate) => (rate.count < slowest.count ? rate : slowest)),
  };
}

function toForm(message: SmsMessage, settings: TwilioSettings): Record<string, string> {
  return {
    To: message.to,
    // With a Messaging Service too: consent belongs to one sender, so the pool must not choose another.
    From: message.from,
    ...(settings.messagingServiceSid !== undefined && { MessagingServiceSid: settings.messagingServiceSid }),
    Body: message.body,
    StatusCallback: message.statusCallbackUrl,
    // A service that rewrites characters would change the parts we counted and the body we look for.
    SmartEncoded: 'false',
  };
}

async function findSent(
  api: TwilioApi,
  message: SmsMessage,
  { since, knownIds }: { since: Date; knownIds: ReadonlySet<string> },
): Promise<SentText | null> {
  const from = since.getTime() - clockSlackMs;
  const isMatch = (candidate: TwilioMessage) =>
    // A text between two numbers of one account is listed twice, under two ids.
    candidate.direction !== 'inbound' &&
    (candidate.body === message.body || candidate.body === trialPrefix + message.body) &&
    !knownIds.has(candidate.sid) &&
    !isBefore(candidate, from);

  let pages = 0;
  // No date filter: it reads the day of sending, which a text still in the queue does not have.
  for await (const page of api.pages({
    To: message.to,
    From: message.from,
    PageSize: String(findPageSize),
  })) {
    const found = page.find(isMatch);
    if (found !== undefined) return toSentText(found);
    const oldest = page.at(-1);
    if (oldest !== undefined && isBefore(oldest, from)) return null;
    pages += 1;
    if (pages === findMaxPages)
      throw new Unsure('Twilio lists too many texts to this phone to look through.');
  }
  return null;
}

/** Twilio lists newest first, and mixes directions unless it is asked for one receiver: ours. */
async function* listInbound(
  api: TwilioApi,
  numbers: readonly string[],
  since: Date,
): AsyncIterable<InboundText> {
  // Whole seconds on Twilio's side: the second of `since` is read again rather than half lost.
  const from = Math.floor(since.getTime() / 1000) * 1000;
  const found = new Map<string, InboundText>();
  for (const number of numbers) {
    for await (const page of api.pages({ To: number, PageSize: String(inboundPageSize) })) {
      for (const message of page) {
        const text = toInboundText(message);
        if (text !== undefined && text.receivedAt.getTime() >= from) found.set(text.providerId, text);
      }
      const oldest = page.at(-1);
      if (oldest !== undefined && isBefore(oldest, from)) break;
    }
  }
  // Reversed first: the sort is stable, and texts of one second came newest first.
  yield* [...found.values()].toReversed().sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
}

async function countSent(api: TwilioApi, numbers: readonly string[], day: string): Promise<SentCount> {
  const count = { texts: 0, parts: 0 };
  let pages = 0;
  for (const number of numbers) {
    for await (const page of api.pages({ From: number, DateSent: day, PageSize: String(countPageSize) })) {
      for (const message of page) {
        if (message.direction === 'inbound' || toDeliveryStatus(message.status) === 'failed') continue;
        count.texts += 1;
        count.parts += toSentText(message).parts ?? 1;
      }
      pages += 1;
      if (pages === countMaxPages) throw new GiveUp('Twilio lists too many texts of that day to count them.');
    }
  }
  return count;
}

function toInboundText(message: TwilioMessage): InboundText | undefined {
  const receivedAt = createdAt(message);
  if (message.direction !== 'inbound' || !message.from || !message.to || receivedAt === undefined)
    return undefined;
  return {
    providerId: message.sid,
    from: message.from,
    to: message.to,
    body: message.body ?? '',
    mediaCount: Number(message.num_media ?? 0) || 0,
    receivedAt,
    // The list does not say what the webhook would have said.
    optOut: null,
    zip: null,
  };
}

function isBefore(message: TwilioMessage, time: number): boolean {
  const at = createdAt(message);
  return at !== undefined && at.getTime() < time;
}
