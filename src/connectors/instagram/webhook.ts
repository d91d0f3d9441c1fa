import { z } from 'zod';
import type { ClientOptions, WebhookItem, WebhookReader } from '../connector.ts';
import { parseJson } from '../kit/answers.ts';
import { readInstagramSettings } from './connector.ts';
import { isInstagramSigned, isSame } from './signature.ts';
import { readSignedRequest } from './signed-request.ts';

/**
 * Messages, echoes and comments. Instagram writes them in several shapes: comments as `changes` or with
 * `field` and `value` in the entry itself, all of it sometimes in an outer array. What does not fit is left
 * out alone, so that one strange entry of a batch does not lose the others.
 */
export function createInstagramWebhookReader(options: ClientOptions): WebhookReader {
  const { appSecret, metaAppSecret, verifyToken, accountName } = readInstagramSettings(options.settings);
  return {
    verify: (request) =>
      isInstagramSigned([appSecret, metaAppSecret], request.header('x-hub-signature-256'), request.rawBody),
    handshake(query) {
      const token = query.get('hub.verify_token');
      const challenge = query.get('hub.challenge');
      const isOurs = query.get('hub.mode') === 'subscribe' && token !== null && isSame(verifyToken, token);
      return isOurs && challenge !== null && challenge !== '' ? challenge : null;
    },
    // Whoever signs in to the app is the account's owner: there is nobody else whom it could be about.
    isFarewell: (form) =>
      readSignedRequest([appSecret, metaAppSecret], form.get('signed_request') ?? '') !== null,
    parse({ rawBody }) {
      const body = parseJson(rawBody.toString('utf8'));
      const parts = Array.isArray(body) ? (body as unknown[]) : [body];
      return parts.flatMap((part) => {
        const read = envelope.safeParse(part);
        return read.success
          ? read.data.entry.flatMap((one) => readEntry(one, accountName, options.now()))
          : [];
      });
    },
    acknowledgement: { status: 200, contentType: 'text/plain', body: 'EVENT_RECEIVED' },
  };
}

const anyId = z.union([z.string().min(1), z.number().transform(String)]);
const envelope = z.object({ object: z.literal('instagram'), entry: z.array(z.unknown()) });

const entry = z.object({
  id: anyId,
  time: z.number().optional(),
  messaging: z.array(z.unknown()).optional(),
  changes: z.array(z.unknown()).optional(),
  field: z.string().optional(),
  value: z.unknown().optional(),
});

function readEntry(raw: unknown, accountName: string | undefined, now: Date): WebhookItem[] {
  const read = entry.safeParse(raw);
  if (!read.success) return [];
  const { id: accountId, time, messaging = [], changes = [], field, value } = read.data;
  const at = momentOf(time, now);
  const all = field === undefined ? changes : [...changes, { field, value }];
  return [
    ...messaging.flatMap((one) => readMessage(accountId, one, at)),
    ...all.flatMap((one) => readComment({ id: accountId, name: accountName }, one, at)),
  ];
}

const messaging = z.object({
  sender: z.object({ id: anyId }),
  recipient: z.object({ id: anyId }),
  timestamp: z.number().optional(),
  message: z
    .object({
      mid: z.string().min(1),
      text: z.string().optional(),
      is_echo: z.boolean().optional(),
      is_deleted: z.boolean().optional(),
      attachments: z.array(z.unknown()).optional(),
    })
    .optional(),
  /** A tap on a button of ours; it opens the window as a message does. */
  postback: z
    .object({ mid: z.string().min(1), title: z.string().optional(), payload: z.string().optional() })
    .optional(),
  referral: z.object({ source: z.string().optional() }).optional(),
});

function readMessage(accountId: string, raw: unknown, entryAt: Date): WebhookItem[] {
  const read = messaging.safeParse(raw);
  if (!read.success) return [];
  const { sender, recipient, timestamp, message, postback, referral } = read.data;
  const at = momentOf(timestamp, entryAt);
  if (message?.is_echo === true || (message !== undefined && sender.id === accountId)) {
    const { mid: providerId, text = '' } = message;
    return [{ kind: 'echo', message: { providerId, accountId, recipientId: recipient.id, text, at } }];
  }
  // Taken back by the fan; reads and reactions carry neither.
  const providerId = message?.mid ?? postback?.mid;
  if (providerId === undefined || message?.is_deleted === true || sender.id === accountId) return [];
  return [
    {
      kind: 'direct_message',
      message: {
        providerId,
        accountId,
        senderId: sender.id,
        text: message?.text ?? postback?.title ?? '',
        attachmentCount: message?.attachments?.length ?? 0,
        isFromAd: referral?.source === 'ADS',
        receivedAt: at,
      },
    },
  ];
}

const change = z.object({
  field: z.enum(['comments', 'live_comments']),
  value: z.object({
    id: anyId,
    text: z.string().optional(),
    from: z.object({ id: anyId, username: z.string().optional() }),
    media: z.object({ id: anyId }),
  }),
});

function readComment(
  account: { id: string; name: string | undefined },
  raw: unknown,
  at: Date,
): WebhookItem[] {
  const read = change.safeParse(raw);
  if (!read.success) return [];
  const { field, value } = read.data;
  const { id: commentId, from, media, text = '' } = value;
  // The account's own comments and answers would start its flows over and over (R71).
  if (from.id === account.id || (from.username !== undefined && from.username === account.name)) return [];
  return [
    {
      kind: 'comment',
      comment: {
        commentId,
        accountId: account.id,
        authorId: from.id,
        authorName: from.username ?? null,
        mediaId: media.id,
        text,
        isLive: field === 'live_comments',
        receivedAt: at,
      },
    },
  ];
}

/** Messages are stamped in milliseconds, entries in either. */
function momentOf(stamp: number | undefined, otherwise: Date): Date {
  if (stamp === undefined || !Number.isFinite(stamp) || stamp <= 0) return otherwise;
  const at = new Date(stamp < 100_000_000_000 ? stamp * 1_000 : stamp);
  return Number.isNaN(at.getTime()) ? otherwise : at;
}
