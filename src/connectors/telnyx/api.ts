import { z } from 'zod';
import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import type { CallOptions, ClientOptions } from '../connector.ts';
import { parseJson, sendRepeatable, tooMany, unreadable } from '../kit/answers.ts';
import { createOnceApi } from '../kit/email/once-calls.ts';
import { classifyTelnyx } from './errors.ts';
import { messageSchema, type TelnyxMessage } from './message.ts';

const publicBaseUrl = 'https://api.telnyx.com';

const answerSchema = z.object({ data: messageSchema });

/** A message in the records of what was used: without its words. */
const recordSchema = z.object({
  uuid: z.string().min(1),
  created_at: z.string(),
  status: z.string().nullish(),
  parts: z.number().nullish(),
  delivery_status_webhook_url: z.string().nullish(),
});
export type TelnyxRecord = z.infer<typeof recordSchema>;

const pageSchema = z.object({
  data: z.array(recordSchema),
  meta: z.object({ total_pages: z.number().int().nonnegative() }).nullish(),
});

const recordsPageSize = 50;

export interface TelnyxText {
  from: string;
  to: string;
  text: string;
  type: 'SMS';
  webhook_url: string;
  use_profile_webhooks: boolean;
  messaging_profile_id?: string;
}

export interface RecordsQuery {
  direction: 'inbound' | 'outbound';
  /** Sender and receiver. */
  cli?: string;
  cld?: string;
  since: Date;
  /** Not included. */
  until?: Date;
}

export interface TelnyxApi {
  /** `Unsure` where the text may have been taken. */
  create(text: TelnyxText, options: Omit<CallOptions, 'key'>): Promise<TelnyxMessage>;
  /** Oldest first, page by page, until the caller stops asking. */
  records(query: RecordsQuery): AsyncGenerator<TelnyxRecord[]>;
  /** Null: it is not kept (any more; ten days). */
  message(id: string): Promise<TelnyxMessage | null>;
  /** Any other call below `/v2`, one whose repeat changes nothing; null: there is no such thing. */
  call<T>(call: TelnyxCall, shape: z.ZodType<T>): Promise<T | null>;
}

export interface TelnyxCall {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  /** For the sentence of an error. */
  what: string;
  body?: unknown;
}

/** Messages of one account, as Telnyx words them: errors already classed. */
export function createTelnyxApi({ http, baseUrl = publicBaseUrl }: ClientOptions, apiKey: string): TelnyxApi {
  const root = `${baseUrl.replace(/\/+$/, '')}/v2`;
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };
  const once = createOnceApi({ http, label: 'Telnyx', noun: 'text', toError: classifyTelnyx });

  async function call<T>({ method, path, what, body }: TelnyxCall, shape: z.ZodType<T>): Promise<T | null> {
    const sent =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await sendRepeatable(http, 'Telnyx', what, { method, url: root + path, ...sent });
    if (response.status === 404 && parseJson(response.text) !== undefined) return null;
    if (response.status < 200 || response.status > 299) throw refusedRead(response, what);
    const answer = shape.safeParse(parseJson(response.text));
    if (answer.success) return answer.data;
    throw unreadable('Telnyx', what, response.status);
  }

  const get = <T>(path: string, what: string, shape: z.ZodType<T>) =>
    call({ method: 'GET', path, what }, shape);

  return {
    call,

    async create(text, options) {
      const request = {
        method: 'POST' as const,
        url: `${root}/messages`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(text),
      };
      return (await once(request, options, answerSchema)).data;
    },

    async *records(query) {
      // By its number and not by a link: a page named by somebody else could lead the key elsewhere.
      for (let page = 1; ; page += 1) {
        const found = await get(`/detail_records?${toQuery(query, page)}`, 'list of texts', pageSchema);
        if (found === null) throw new GiveUp('Telnyx has no list of texts; check the base URL.');
        yield found.data;
        const pages = found.meta?.total_pages;
        const isLast = pages == null ? found.data.length < recordsPageSize : page >= pages;
        if (isLast || found.data.length === 0) return;
      }
    },

    async message(id) {
      const found = await get(`/messages/${encodeURIComponent(id)}`, 'reading a text', answerSchema);
      return found?.data ?? null;
    },
  };
}

function toQuery({ direction, cli, cld, since, until }: RecordsQuery, page: number): string {
  const query = new URLSearchParams({
    'filter[record_type]': 'messaging',
    'filter[direction]': direction,
    'filter[created_at][gte]': since.toISOString(),
    // New ones come last, so pages do not shift while they are read.
    sort: 'created_at',
    'page[number]': String(page),
    'page[size]': String(recordsPageSize),
  });
  if (until !== undefined) query.set('filter[created_at][lt]', until.toISOString());
  if (cli !== undefined) query.set('filter[cli]', cli);
  if (cld !== undefined) query.set('filter[cld]', cld);
  return query.toString();
}

function refusedRead(response: HttpResponse, what: string): ConnectorError {
  const { status, text } = response;
  const header = (name: string) => response.header(name);
  const own = classifyTelnyx({ status, body: parseJson(text), header });
  if (own !== undefined) return own;
  const reason = `Telnyx: ${what}: HTTP ${status}`;
  if (status === 429) return tooMany(reason, response, 1_000);
  if (status === 408 || status >= 500) return new RetryLater(reason);
  if (status === 401) return new NeedsReconnect('Telnyx does not accept the API key.');
  return new GiveUp(`${reason}; check the base URL.`);
}
