import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../kit/answers.ts';
import { json } from '../../kit/fake/answers.ts';
import { createRateWindow } from '../../kit/fake/rate-window.ts';
import { refuse, tooMany } from './answers.ts';
import type { FakeAccount, FakeComment, FakeMessage, InstagramState } from './state.ts';

const hourMs = 3_600_000;
const windowMs = 24 * hourMs;
const replyMs = 7 * windowMs;
const maxBytes = 1_000;
const messagesPerSecond = 300;
const privateRepliesPerHour = 750;

const body = z.strictObject({
  recipient: z.union([
    z.strictObject({ id: z.string().min(1) }),
    z.strictObject({ comment_id: z.string().min(1) }),
  ]),
  message: z.strictObject({ text: z.string().min(1) }),
});

/** `POST /me/messages`: to a fan within 24 hours of her last message, or once to a comment within seven days. */
export function createMessagesApi(parts: {
  account: FakeAccount;
  state: InstagramState;
  now: () => Date;
  /** Instagram tells of what the account itself sent, too. */
  echo: (message: FakeMessage) => void;
}) {
  const { account, state, now, echo } = parts;
  const perSecond = createRateWindow(() => new Date(), 1_000);
  const perHour = createRateWindow(now, hourMs);

  async function refusalOf(
    recipient: z.infer<typeof body>['recipient'],
  ): Promise<Response | FakeComment | null> {
    if ('id' in recipient) {
      if ((await state.personById(recipient.id)) === undefined)
        return refuse(400, 100, 'No matching user found.', { subcode: 2534014 });
      const last = [...(await state.messages.all()).values()].findLast(
        ({ personId, direction }) => personId === recipient.id && direction === 'in',
      );
      const isOpen = last !== undefined && now().getTime() - Date.parse(last.at) < windowMs;
      const message = 'This message is sent outside of allowed window.';
      return isOpen ? null : refuse(403, 10, message, { subcode: 2534022 });
    }
    const comment = (await state.comments.all()).get(recipient.comment_id);
    if (comment === undefined) return refuse(400, 100, 'The comment does not exist.', { subcode: 33 });
    if (comment.isAnswered) return refuse(400, 10900, 'Activity already replied to.');
    const isLate = now().getTime() - Date.parse(comment.at) >= replyMs;
    return isLate ? refuse(400, 10902, 'This is not a replyable activity.') : comment;
  }

  async function send(text: string, personId: string, comment: FakeComment | null): Promise<FakeMessage> {
    const message: FakeMessage = {
      id: `aWdfZAG1faXRlbToxOk${randomBytes(18).toString('base64url')}`,
      personId,
      text,
      direction: 'out',
      commentId: comment?.id ?? null,
      at: now().toISOString(),
    };
    if (comment !== null) await state.comments.put(comment.id, { ...comment, isAnswered: true });
    await state.messages.put(message.id, message);
    echo(message);
    return message;
  }

  return {
    /** Sent by a person in Instagram's own app, which has no window. */
    byHand: async (text: string, personId: string) => send(text, personId, null),
    async answer(request: Request): Promise<Response> {
      if (request.method !== 'POST') return refuse(405, 100, 'Unsupported method.');
      const isJson = request.headers.get('content-type')?.split(';')[0]?.trim() === 'application/json';
      const read = body.safeParse(isJson ? parseJson(await request.text()) : undefined);
      if (!read.success) return refuse(400, 100, 'Invalid parameter.');
      const { recipient, message } = read.data;
      if (Buffer.byteLength(message.text) > maxBytes)
        return refuse(400, 100, 'Length of param message[text] must be less than or equal to 1000.', {
          subcode: 2534044,
        });
      if (perSecond(messagesPerSecond) !== null) return tooMany(4, account.id, 0);
      const found = await refusalOf(recipient);
      if (found instanceof Response) return found;
      const waitMs = found === null ? null : perHour(privateRepliesPerHour);
      if (waitMs !== null) return tooMany(613, account.id, Math.ceil(waitMs / 60_000));
      const personId = 'id' in recipient ? recipient.id : (found?.personId ?? '');
      const sent = await send(message.text, personId, found);
      return json({ recipient_id: personId, message_id: sent.id });
    },
  };
}
