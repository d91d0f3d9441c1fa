import { GiveUp, RetryLater, Unsure } from '#lib/errors.ts';
import type { ClientOptions, InboundText, SentCount, SentText, SmsClient, SmsMessage } from '../connector.ts';
import { takeParts } from '../kit/sms/daily-parts.ts';
import { shortCodeCountry } from '../kit/sms/settings.ts';
import { createTelnyxApi, type TelnyxApi, type TelnyxRecord } from './api.ts';
import { readTelnyxSettings, type TelnyxSettings, telnyxRate } from './connector.ts';
import { toDeliveryStatus, toInboundText, toParts, toSentText } from './message.ts';
import { enterWords } from './opt-in-words.ts';
import { readOptOutWord } from './opt-out-words.ts';

const minuteMs = 60_000;

/** Telnyx's clock is not ours. Looking a little further back can at worst read a few more texts. */
const clockSlackMs = 5_000;

/**
 * A text is listed once it has left the queue of its number, which holds at most four hours of
 * texts. Before that its absence proves nothing.
 */
const listedAfterMs = 4 * 60 * minuteMs + 15 * minuteMs;

/** A pair of numbers exchanges no 2,500 texts while one send is settled. */
const findMaxPages = 50;

/** A quarter of a million texts a day are more than any number may send. */
const countMaxPages = 5_000;

/** A received text is listed before it can be read; after this long it never will be. */
const readableAfterMs = 60 * minuteMs;

/** Texts read side by side: Telnyx lists them without their words. */
const readAtOnce = 8;

/**
 * Telnyx's Messages as an `SmsClient`. Never sends twice by itself: see `SmsClient.send`. Each
 * error's `reason` is one sentence with Telnyx's code and its meaning.
 */
export function createTelnyxClient(options: ClientOptions): SmsClient {
  const settings = readTelnyxSettings(options.settings);
  const api = createTelnyxApi(options, settings.apiKey);
  const senders = settings.numbers.map((number) => ({
    kind: 'number' as const,
    value: number.number,
    country: shortCodeCountry(number),
    rate: telnyxRate(number),
  }));
  const numbers = senders.map(({ value }) => value);

  return {
    async send(message, limits) {
      await takeParts(options, settings.partsPerDay, message.body);
      return toSentText(await api.create(toBody(message, settings), limits));
    },
    find: (message, search) => findSent(api, options.now, message, search),
    listInbound: (since) => listInbound(api, options.now, numbers, since),
    countSent: (day) => countSent(api, numbers, day),
    senders,
    optOutHandling: settings.optOutHandling,
    async enterOptInWords({ words, countries }) {
      const { messagingProfileId: profileId } = settings;
      if (profileId === undefined)
        throw new GiveUp('Enter the messaging profile’s ID first: the words are kept in it.');
      for (const country of countries) await enterWords(api, profileId, country, words);
    },
    handlesItself: (body) => (settings.optOutHandling === 'provider' ? readOptOutWord(body) : null),
    rate: senders
      .map(({ rate }) => rate)
      .reduce((slowest, rate) => (rate.count < slowest.count ? rate : slowest)),
  };
}

function toBody(message: SmsMessage, { messagingProfileId }: TelnyxSettings) {
  return {
    // Never a number pool: consent belongs to one sender.
    from: message.from,
    to: message.to,
    text: message.body,
    type: 'SMS' as const,
    webhook_url: message.statusCallbackUrl,
    // The profile's own address does not say whose text it is.
    use_profile_webhooks: false,
    ...(messagingProfileId !== undefined && { messaging_profile_id: messagingProfileId }),
  };
}

async function findSent(
  api: TelnyxApi,
  now: () => Date,
  message: SmsMessage,
  { since, knownIds }: { since: Date; knownIds: ReadonlySet<string> },
): Promise<SentText | null> {
  const from = new Date(since.getTime() - clockSlackMs);
  const candidates: TelnyxRecord[] = [];
  let pages = 0;
  const query = { direction: 'outbound', cli: message.from, cld: message.to, since: from } as const;
  for await (const page of api.records(query)) {
    candidates.push(
      ...page.filter((one) => !knownIds.has(one.uuid) && Date.parse(one.created_at) >= from.getTime()),
    );
    pages += 1;
    if (pages === findMaxPages)
      throw new Unsure('Telnyx lists too many texts to this phone to look through.');
  }
  for (const record of candidates.toReversed()) {
    if (await isOurs(api, record, message))
      return {
        providerId: record.uuid,
        status: toDeliveryStatus(record.status) ?? 'queued',
        parts: toParts(record.parts),
      };
  }
  if (now().getTime() - since.getTime() >= listedAfterMs) return null;
  throw new RetryLater('Telnyx may still have the text in its queue, where nobody can look.');
}

/** The address of its reports belongs to one text alone; the words decide only where none is kept. */
async function isOurs(api: TelnyxApi, record: TelnyxRecord, message: SmsMessage): Promise<boolean> {
  if (record.delivery_status_webhook_url === message.statusCallbackUrl) return true;
  const kept = await api.message(record.uuid);
  if (kept === null) throw new RetryLater('Telnyx lists a text to this phone that cannot be read.');
  return kept.webhook_url == null
    ? kept.text === message.body
    : kept.webhook_url === message.statusCallbackUrl;
}

/** Records name the texts, and each is then read for its words. */
async function* listInbound(
  api: TelnyxApi,
  now: () => Date,
  numbers: readonly string[],
  since: Date,
): AsyncIterable<InboundText> {
  const found = new Map<string, TelnyxRecord>();
  for (const cld of numbers) {
    for await (const page of api.records({ direction: 'inbound', cld, since })) {
      for (const record of page)
        if (Date.parse(record.created_at) >= since.getTime()) found.set(record.uuid, record);
    }
  }
  const records = [...found.values()].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  for (let start = 0; start < records.length; start += readAtOnce) {
    const some = records.slice(start, start + readAtOnce);
    const texts = await Promise.all(some.map((record) => readInbound(api, now, record)));
    yield* texts.filter((text) => text !== undefined);
  }
}

async function countSent(api: TelnyxApi, numbers: readonly string[], day: string): Promise<SentCount> {
  const since = new Date(`${day}T00:00:00Z`);
  const until = new Date(since.getTime() + 24 * 60 * minuteMs);
  const count = { texts: 0, parts: 0 };
  let pages = 0;
  for (const cli of numbers) {
    for await (const page of api.records({ direction: 'outbound', cli, since, until })) {
      for (const record of page) {
        if (toDeliveryStatus(record.status) === 'failed') continue;
        count.texts += 1;
        count.parts += toParts(record.parts) ?? 1;
      }
      pages += 1;
      if (pages === countMaxPages) throw new GiveUp('Telnyx lists too many texts of that day to count them.');
    }
  }
  return count;
}

/** Undefined: its words are gone, and nobody can know what was said. */
async function readInbound(
  api: TelnyxApi,
  now: () => Date,
  record: TelnyxRecord,
): Promise<InboundText | undefined> {
  const message = await api.message(record.uuid);
  if (message !== null) return toInboundText(message, new Date(record.created_at));
  const ageMs = now().getTime() - Date.parse(record.created_at);
  if (ageMs < readableAfterMs) throw new RetryLater('Telnyx lists a received text that cannot be read yet.');
  return undefined;
}
