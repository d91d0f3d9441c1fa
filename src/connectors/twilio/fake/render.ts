import { refuse } from './errors.ts';
import type { FakeMessage, TwilioState } from './state.ts';

const maxPageSize = 1000;

/** One page of the list, newest first. The token names the last message seen, so new ones do not shift pages. */
export function listMessages(state: TwilioState, accountSid: string, url: URL): Response {
  const query = url.searchParams;
  const pageSize = Number(query.get('PageSize') ?? 50);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > maxPageSize) return refuse(20007);
  const after = query.get('PageToken')?.slice(2);
  const page = after === undefined ? 0 : Number(query.get('Page') ?? 0);

  const items: FakeMessage[] = [];
  let hasMore = false;
  let isAfter = after === undefined;
  for (const message of candidates(state, query).toReversed()) {
    if (message.accountSid !== accountSid || !isWanted(message, query)) continue;
    if (!isAfter) {
      isAfter = message.sid === after;
      continue;
    }
    hasMore = items.length === pageSize;
    if (hasMore) break;
    items.push(message);
  }

  const base = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  return Response.json({
    messages: items.map(renderMessage),
    page,
    page_size: pageSize,
    start: page * pageSize,
    end: page * pageSize + Math.max(items.length - 1, 0),
    uri: `${base}?${query.toString()}`,
    first_page_uri: pageUri(base, query, 0),
    previous_page_uri: null,
    next_page_uri: hasMore ? pageUri(base, query, page + 1, items.at(-1)?.sid) : null,
  });
}

/** The shorter of the two lists that a filter allows. */
function candidates(state: TwilioState, query: URLSearchParams): readonly FakeMessage[] {
  const lists = ['To', 'From'].flatMap((name) => {
    const number = query.get(name);
    return number ? [state.texts.list(number)] : [];
  });
  return lists.sort((a, b) => a.length - b.length)[0] ?? state.texts.list();
}

function isWanted(message: FakeMessage, query: URLSearchParams): boolean {
  const to = query.get('To');
  const from = query.get('From');
  if ((to && message.to !== to) || (from && message.from !== from)) return false;
  // Days of sending: a text still in the queue has none and falls out of every such filter.
  const day = message.sentAt?.slice(0, 10) ?? null;
  const isDay = (name: string, test: (day: string, wanted: string) => boolean) => {
    const wanted = query.get(name)?.slice(0, 10);
    return wanted === undefined || (day !== null && test(day, wanted));
  };
  return (
    isDay('DateSent', (a, b) => a === b) &&
    isDay('DateSent>', (a, b) => a >= b) &&
    isDay('DateSent<', (a, b) => a <= b)
  );
}

function pageUri(base: string, query: URLSearchParams, page: number, lastSid?: string): string {
  const next = new URLSearchParams(query);
  next.set('Page', String(page));
  next.delete('PageToken');
  if (lastSid !== undefined) next.set('PageToken', `PA${lastSid}`);
  return `${base}?${next.toString()}`;
}

/** A Message resource as the API documents it. */
export function renderMessage(message: FakeMessage): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  const created = rfc2822(message.createdAt);
  // A Messaging Service counts when it has chosen the sender.
  const isCounted = message.messagingServiceSid === null || message.status !== 'accepted';
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: created,
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: message.sentAt === null ? created : rfc2822(message.sentAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : `Error ${message.errorCode}`,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.mediaCount),
    num_segments: isCounted ? String(message.parts) : '0',
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

function rfc2822(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000');
}
