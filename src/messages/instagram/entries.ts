import type { InboundComment, InboundDirectMessage } from '#connectors/connector.ts';
import type { Entry } from '#engine/contract.ts';
import { cleanText, cutText } from '#lib/clean-text.ts';

export const messageType = 'instagram.received';
export const commentType = 'instagram.commented';

/** Longer ones are no commands, and nobody reads them to the end. */
const maxText = 1_600;

/** What a fan wrote to an account, on its way into one project. */
export interface ReceivedMessage {
  providerId: string;
  connectionId: string;
  /** The fan, as the account knows her. */
  address: string;
  /** The account as people know it. */
  account: string;
  text: string;
  attachmentCount: number;
  isFromAd: boolean;
  at: Date;
}

export interface ReceivedComment {
  commentId: string;
  connectionId: string;
  address: string;
  authorName: string | null;
  mediaId: string;
  text: string;
  isLive: boolean;
  at: Date;
}

/** Its key is the provider's id, so that what is delivered again is the same event (R23). */
export function messageEntry(connectionId: string, account: string, message: InboundDirectMessage): Entry {
  const { providerId, senderId: address, attachmentCount, isFromAd, receivedAt } = message;
  const text = cutText(cleanText(message.text), maxText);
  return {
    source: connectionId,
    key: providerId,
    type: messageType,
    fingerprint: '',
    occurredAt: receivedAt,
    payload: { message: { providerId, connectionId, address, account, text, attachmentCount, isFromAd } },
  };
}

export function commentEntry(connectionId: string, comment: InboundComment): Entry {
  const { commentId, authorId: address, mediaId, isLive, receivedAt } = comment;
  const text = cutText(cleanText(comment.text), maxText);
  const authorName = comment.authorName === null ? null : cleanText(comment.authorName);
  return {
    source: connectionId,
    key: `comment:${commentId}`,
    type: commentType,
    fingerprint: '',
    occurredAt: receivedAt,
    payload: { comment: { commentId, connectionId, address, authorName, mediaId, text, isLive } },
  };
}

type Stored = Pick<Entry, 'payload' | 'occurredAt'>;

export function receivedMessage({ payload, occurredAt }: Stored): ReceivedMessage {
  const message = payload['message'] as unknown as Omit<ReceivedMessage, 'at'>; // put there by messageEntry
  return { ...message, at: occurredAt };
}

export function receivedComment({ payload, occurredAt }: Stored): ReceivedComment {
  const comment = payload['comment'] as unknown as Omit<ReceivedComment, 'at'>; // put there by commentEntry
  return { ...comment, at: occurredAt };
}
