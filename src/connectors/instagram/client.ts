import { z } from 'zod';
import { GiveUp, NeedsReconnect } from '#lib/errors.ts';
import type { ClientOptions, DirectMessage, LaneRate, SocialClient } from '../connector.ts';
import { createOnceApi } from '../kit/email/once-calls.ts';
import { readInstagramSettings, type InstagramSettings } from './connector.ts';
import { classifyInstagram } from './errors.ts';
import { createReader, graphUrl, graphVersion } from './reader.ts';

const maxTextBytes = 1_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The newest are those that an artist wants answered. */
const maxPosts = 50;
const posts = z.object({
  data: z.array(
    z.object({ id: z.string().min(1), caption: z.string().optional(), timestamp: z.string().optional() }),
  ),
});
const sent = z.object({ recipient_id: z.string().min(1).optional(), message_id: z.string().min(1) });

/** Messages in the name of a professional account. Never sends twice by itself: see `SocialClient.send`. */
export function createInstagramClient(options: ClientOptions): SocialClient {
  const settings = readInstagramSettings(options.settings);
  const { accessToken, accountId, accountName } = settings;
  const baseUrl = (options.baseUrl ?? graphUrl).replace(/\/+$/, '');
  const call = createOnceApi({
    http: options.http,
    label: 'Instagram',
    noun: 'message',
    toError: classifyInstagram,
  });

  return {
    account: accountId === undefined ? null : { id: accountId, name: accountName ?? null },
    async send(message, limits) {
      if (accessToken === undefined) throw new NeedsReconnect('Nobody has signed in to Instagram yet.');
      if (Buffer.byteLength(message.text) > maxTextBytes)
        throw new GiveUp('Instagram takes no message longer than 1,000 bytes.');
      const request = {
        method: 'POST' as const,
        url: `${baseUrl}/${graphVersion}/me/messages`,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(toBody(message)),
      };
      const answer = await call(request, limits, sent);
      return { providerId: answer.message_id, recipientId: answer.recipient_id ?? null };
    },
    async listPosts() {
      if (accessToken === undefined) throw new NeedsReconnect('Nobody has signed in to Instagram yet.');
      const api = createReader(options);
      const fields = 'id,caption,media_product_type,timestamp';
      const url = `${api.at(graphUrl)}/${graphVersion}/me/media?fields=${fields}&limit=${maxPosts}`;
      const headers = { authorization: `Bearer ${accessToken}` };
      const { data } = await api.read('posts', { method: 'GET', url, headers }, posts);
      return data.map(({ id, caption, timestamp }) => ({
        id,
        caption: caption ?? '',
        at: toDate(timestamp),
      }));
    },
    maxTextBytes,
    windowMs: { message: dayMs, ad: 7 * dayMs },
    privateReplyMs: 7 * dayMs,
    rates: {
      messages: {
        count: settings.messagesPerSecond,
        periodMs: 1_000,
        burst: Math.max(1, Math.floor(settings.messagesPerSecond / 2)),
      },
      privateReplies: privateReplyRate(settings),
    },
  };
}

/** `2026-11-25T08:00:00+0000`, which is no ISO time to the letter. */
function toDate(stamp: string | undefined): Date | null {
  const at = new Date(stamp?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') ?? '');
  return Number.isNaN(at.getTime()) ? null : at;
}

function toBody(message: DirectMessage) {
  const recipient = 'commentId' in message ? { comment_id: message.commentId } : { id: message.recipientId };
  return { recipient, message: { text: message.text } };
}

/**
 * Instagram counts the last hour. What may go at once after a rest and what follows in the hour after it
 * add up to the limit: a fifth at once, the rest evenly.
 */
function privateReplyRate({ privateRepliesPerHour: limit }: InstagramSettings): LaneRate {
  const burst = Math.max(1, Math.floor(limit / 5));
  return { count: limit - burst, periodMs: hourMs, burst };
}
