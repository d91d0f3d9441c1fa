import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { json } from '../../kit/fake/answers.ts';
import type { Lives } from '../../kit/sms/lives.ts';
import { countParts } from '../../kit/sms/parts.ts';
import { refuse } from './errors.ts';
import { magicEnd, magicRefusal } from './magic.ts';
import { listRecords } from './records.ts';
import { createSettings } from './opt-in-words.ts';
import { renderMessage } from './render.ts';
import type { FakeMessage, FakeNumber, TelnyxState } from './state.ts';

const e164 = /^\+[1-9]\d{6,14}$/;
const maxParts = 10;
/** The words of a text are kept ten days. */
const keptMs = 10 * 24 * 3_600_000;

/** What `POST /v2/messages` may hold; the text itself is looked at by hand, in the provider's order. */
const messageBody = z.strictObject({
  from: z.string().optional(),
  messaging_profile_id: z.string().optional(),
  to: z.string().optional(),
  text: z.string().optional(),
  subject: z.string().optional(),
  media_urls: z.array(z.string()).optional(),
  webhook_url: z.string().nullable().optional(),
  webhook_failover_url: z.string().nullable().optional(),
  use_profile_webhooks: z.boolean().optional(),
  type: z.enum(['SMS', 'MMS']).optional(),
  auto_detect: z.boolean().optional(),
  send_at: z.string().nullable().optional(),
  encoding: z.enum(['auto', 'gsm7', 'ucs2']).optional(),
});
type MessageBody = z.infer<typeof messageBody>;

export interface TelnyxRequest {
  method: string;
  /** From `/v2/` on, wherever the fake is mounted. */
  path: string;
  query: URLSearchParams;
  authorization: string | null;
  contentType: string | null;
  body: string;
}

/** Messages and detail records: refuses what the provider refuses, in its words' shape. */
export function createTelnyxResource(parts: {
  state: TelnyxState;
  lives: Lives<FakeMessage>;
  now: () => Date;
}) {
  const { state, lives, now } = parts;
  const settings = createSettings(state, now);

  async function create(apiKey: string, request: TelnyxRequest): Promise<Response> {
    if (request.contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') return refuse(10014);
    const asked = readBody(request.body);
    if (asked === undefined) return refuse(10015);
    const refusal = refusalOf(asked);
    if (refusal !== undefined) return refuse(...refusal);
    const sender = chooseSender(state, apiKey, asked);
    if (typeof sender === 'number') return refuse(sender, '/from');
    const { to = '', text = '' } = asked;
    if (to === sender.number) return refuse(40310, '/to');
    if (state.blocks.has(sender.profileId, to)) return refuse(40300);

    const message: FakeMessage = {
      id: randomUUID(),
      callerId: null,
      apiKey,
      profileId: sender.profileId,
      from: sender.number,
      to,
      body: text,
      parts: countParts(text),
      status: 'queued',
      direction: 'outbound',
      createdAt: now().toISOString(),
      sentAt: null,
      errorCode: null,
      statusCallback: callbackOf(asked, sender),
      mediaCount: asked.media_urls?.length ?? 0,
      autoresponse: null,
    };
    const answer = json({ data: renderMessage(message) });
    const errorCode = magicEnd(to);
    const isQuiet = lives.settings.mode === 'off';
    if (isQuiet) message.status = errorCode === undefined ? 'delivered' : 'delivery_failed';
    await state.texts.add(message);
    if (!isQuiet) lives.follow(message, errorCode);
    return answer;
  }

  function read(apiKey: string, id: string): Response {
    const message = state.texts.find(id);
    const isKept = message !== undefined && now().getTime() - Date.parse(message.createdAt) < keptMs;
    return isKept && message.apiKey === apiKey ? json({ data: renderMessage(message) }) : refuse(10005);
  }

  return async (request: TelnyxRequest): Promise<Response> => {
    const apiKey = /^Bearer (\S+)$/.exec(request.authorization ?? '')?.[1] ?? '';
    if (state.numbersOf(apiKey).length === 0) return refuse(10009);
    const { method, path } = request;
    if (method === 'POST' && path === '/v2/messages') return create(apiKey, request);
    const [, profileId, settingId = ''] =
      /^\/v2\/messaging_profiles\/([^/]+)\/autoresp_configs(?:\/([^/]+))?$/.exec(path) ?? [];
    if (profileId !== undefined) {
      const isOwn = state.numbersOf(apiKey).some((number) => number.profileId === profileId);
      return isOwn ? settings({ ...request, profileId, id: settingId }) : refuse(10005);
    }
    if (method !== 'GET') return refuse(10005);
    if (path === '/v2/detail_records') return listRecords(state, apiKey, request.query);
    const id = /^\/v2\/messages\/([0-9a-f-]{36})$/.exec(path)?.[1];
    return id === undefined ? refuse(10005) : read(apiKey, id);
  };
}

function readBody(body: string): MessageBody | undefined {
  try {
    return messageBody.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function refusalOf(body: MessageBody): [code: number, pointer?: string] | undefined {
  const { from, to, text, media_urls: media, messaging_profile_id: profileId } = body;
  if (!to) return [10004, '/to'];
  if (!from && !profileId) return [10004, '/from'];
  if (!e164.test(to)) return [40310, '/to'];
  if (!text && !media?.length) return [40316, '/text'];
  if (countParts(text ?? '') > maxParts) return [40302, '/text'];
  const urls = [body.webhook_url, body.webhook_failover_url].filter((url) => url != null);
  if (urls.some((url) => url.length > 2_000 || !/^https?:\/\/[^/]+/.test(url)))
    return [10003, '/webhook_url'];
  const magic = magicRefusal(to);
  return magic === undefined ? undefined : [magic];
}

function chooseSender(state: TelnyxState, apiKey: string, body: MessageBody): FakeNumber | number {
  const { from, messaging_profile_id: profileId } = body;
  const own = state.numbersOf(apiKey);
  if (profileId !== undefined && !own.some((number) => number.profileId === profileId)) return 10006;
  // A number pool: any number of the profile.
  if (!from) return own.find((number) => number.profileId === profileId) ?? 40321;
  const sender = own.find((number) => number.number === from);
  const isOfProfile = profileId === undefined || sender?.profileId === profileId;
  return sender === undefined || !isOfProfile ? 40305 : sender;
}

function callbackOf(body: MessageBody, sender: FakeNumber): string | null {
  if (body.webhook_url != null) return body.webhook_url;
  return body.use_profile_webhooks === false ? null : sender.inboundUrl;
}
