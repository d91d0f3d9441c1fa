import { countParts } from '../../kit/sms/parts.ts';
import type { StatusCallbacks } from './callbacks.ts';
import { refuse } from './errors.ts';
import { isMagicSender, magicEnd, magicRefusal } from './magic.ts';
import { newMessageSid } from './phone.ts';
import { listMessages, renderMessage } from './render.ts';
import { blockScope, type FakeMessage, type FakeNumber, type TwilioState } from './state.ts';

const e164 = /^\+[1-9]\d{6,14}$/;

export interface TwilioRequest {
  method: string;
  url: URL;
  /** From `/2010-04-01` on, wherever the fake is mounted. */
  path: string;
  authorization: string | null;
  contentType: string | null;
  body: string;
}

/** The Messages resource: refuses what the provider refuses, in its words' shape. */
export function createTwilioResource(parts: {
  state: TwilioState;
  callbacks: StatusCallbacks;
  now: () => Date;
}) {
  const { state, callbacks, now } = parts;

  async function create(accountSid: string, request: TwilioRequest): Promise<Response> {
    // Another content type is not refused but not read either: everything seems to be missing.
    const isForm =
      request.contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
    const form = new URLSearchParams(isForm ? request.body : '');
    if (!form.get('To')) return refuse(21604);
    const sender = chooseSender(state, accountSid, form);
    if (typeof sender === 'number') return refuse(sender);
    const refusal = refusalOf(state, sender, form);
    if (refusal !== undefined) return refuse(refusal);

    const to = form.get('To') ?? '';
    const service = form.get('MessagingServiceSid');
    const isBlocked = sender.owner !== undefined && state.blocks.has(blockScope(sender.owner), to);
    // A Messaging Service takes the text and finds out afterwards.
    if (isBlocked && service === null) return refuse(21610);

    const body = form.get('Body') ?? '';
    const isQuiet = callbacks.settings.mode === 'off';
    const message: FakeMessage = {
      sid: newMessageSid(),
      callerId: null,
      accountSid,
      from: sender.from,
      to,
      body,
      parts: countParts(body),
      status: service === null ? 'queued' : 'accepted',
      direction: 'outbound-api',
      createdAt: now().toISOString(),
      sentAt: null,
      errorCode: null,
      statusCallback: form.get('StatusCallback'),
      messagingServiceSid: service,
      mediaCount: 0,
      zip: null,
    };
    const answer = Response.json(renderMessage(message), { status: 201 });
    const finalCode = isBlocked ? 21610 : magicEnd(to);
    if (isQuiet) message.status = finalCode === undefined ? 'delivered' : 'undelivered';
    await state.texts.add(message);
    if (!isQuiet) callbacks.follow(message, finalCode);
    return answer;
  }

  return async (request: TwilioRequest): Promise<Response> => {
    const path = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages(?:\/([^/]+))?\.json$/.exec(request.path);
    const accountSid = state.accountOf(request.authorization ?? '');
    if (accountSid === undefined) return refuse(20003);
    const [, inPath, sid] = path ?? [];
    if (inPath === undefined) return refuse(20404);
    if (inPath !== accountSid) return refuse(20003);
    if (request.method === 'POST' && sid === undefined) return create(accountSid, request);
    if (request.method !== 'GET') return refuse(20004);
    if (sid === undefined) return listMessages(state, accountSid, request.url);
    const message = state.texts.find(sid);
    return message?.accountSid === accountSid ? Response.json(renderMessage(message)) : refuse(20404);
  };
}

interface Sender {
  from: string;
  owner: FakeNumber | undefined;
}

function chooseSender(state: TwilioState, accountSid: string, form: URLSearchParams): Sender | number {
  const from = form.get('From');
  const service = form.get('MessagingServiceSid');
  const pool =
    service === null
      ? []
      : state.numbersOf(accountSid).filter((number) => number.messagingServiceSid === service);
  if (service !== null && pool.length === 0) return 21701;
  if (!from) return pool[0] === undefined ? 21603 : { from: pool[0].number, owner: pool[0] };
  if (isMagicSender(from)) return { from, owner: undefined };
  const owner = state.number(from);
  if (owner === undefined) return e164.test(from) || /^\d{3,8}$/.test(from) ? 21659 : 21212;
  if (owner.accountSid !== accountSid) return 21660;
  return service !== null && owner.messagingServiceSid !== service ? 21606 : { from, owner };
}

function refusalOf(state: TwilioState, sender: Sender, form: URLSearchParams): number | undefined {
  const to = form.get('To') ?? '';
  const body = form.get('Body');
  const statusCallback = form.get('StatusCallback');
  if (!body) return 21602;
  if (body.length > 1600) return 21617;
  if (!e164.test(to)) return 21211;
  // A sender cannot text itself.
  if (to === sender.from || state.number(to) !== undefined) return 21266;
  if (statusCallback !== null && !/^https?:\/\/[^/]+/.test(statusCallback)) return 21609;
  return magicRefusal(sender.from, to);
}
