import type { Connection } from '#connections/connections.ts';
import type { SocialClient } from '#connectors/connector.ts';
import type { JsonObject, LaneCharge, LocalWrite, Verdict } from '#engine/contract.ts';
import { messageWriter } from '../outbound/send-call.ts';

export const dmEffect = 'instagram.send';
export const replyWriter = 'instagram.reply';
export const disconnectedWriter = 'instagram.disconnected';

/** Whom it goes to: a fan who wrote, or whoever wrote a comment. */
export type DmTarget = { address: string } | { commentId: string; address: string | null };

export interface DmToSend {
  connection: Connection;
  client: SocialClient;
  target: DmTarget;
  text: string;
  fanId: string;
  runId: string | null;
  causeId: string;
  hasDisclosure: boolean;
  /** Domain time. */
  giveUpAt: Date;
  writes: readonly LocalWrite[];
}

/** What the effect is given back, sealed in between. */
export interface DmPayload {
  connectionId: string;
  address: string | null;
  commentId: string | null;
  /** As the fan reads it; runs and timelines show it from here. */
  body: string;
}

/** The call that sends a message, with the rows that count it: committed together, before the call. */
export function dmCall(send: DmToSend): Extract<Verdict, { kind: 'call' }> {
  const { connection, client, target, text, giveUpAt } = send;
  const commentId = 'commentId' in target ? target.commentId : null;
  const payload: DmPayload = { connectionId: connection.id, address: target.address, commentId, body: text };
  const lane = (name: string, rate: LaneCharge['rate']) => ({
    id: `instagram:${connection.id}${name}`,
    cost: 1,
    rate,
  });
  const { messages, privateReplies } = client.rates;
  const reply = commentId === null ? [] : [{ writer: replyWriter, row: { commentId } }];
  return {
    kind: 'call',
    effect: dmEffect,
    payload: { ...payload },
    lanes: [...(commentId === null ? [] : [lane(':replies', privateReplies)]), lane('', messages)],
    writes: [...send.writes, { writer: messageWriter, row: messageRow(send) }, ...reply],
    giveUpAt,
  };
}

function messageRow({ target, client, fanId, runId, causeId, hasDisclosure }: DmToSend): JsonObject {
  return {
    channel: 'instagram',
    // A comment by API names nobody: then only the comment says whom it went to.
    address: target.address ?? '',
    sender: client.account?.name ?? client.account?.id ?? '',
    class: 'reply',
    runId,
    causeId,
    fanId,
    parts: 1,
    hasOptOutWording: hasDisclosure,
    againFlowId: null,
  };
}
