import type { JsonObject, LocalWrite, Verdict } from '#engine/contract.ts';
import type { Sender } from './sender.ts';

/** compliance: what the law owes; answer: the system's other answers; reply: R94; marketing: the rest. */
export type TextClass = 'compliance' | 'answer' | 'reply' | 'marketing';

export interface TextToSend {
  sender: Sender;
  address: string;
  text: string;
  parts: number;
  class: TextClass;
  runId: string | null;
  causeId: string | null;
  fanId: string;
  hasOptOutWording: boolean;
  /** The flow whose keyword was texted again (R29). */
  againFlowId: string | null;
  credits: number;
  /** R85: what the law asks for costs no credits. */
  isFree?: boolean;
  /** Domain time. */
  giveUpAt: Date;
  writes: readonly LocalWrite[];
}

export const sendEffect = 'sms.send';
export const messageWriter = 'message.add';
export const blockWriter = 'block.add';
export const inboxWriter = 'inbox.add';

/** The call that sends a text, with the row that counts it: committed together, before the call. */
export function sendCall(text: TextToSend): Extract<Verdict, { kind: 'call' }> {
  const { sender, address } = text;
  const payload: JsonObject = {
    connectionId: sender.connectionId,
    from: sender.number,
    to: address,
    body: text.text,
  };
  const message: JsonObject = {
    channel: 'sms',
    address,
    sender: sender.number,
    class: text.class,
    runId: text.runId,
    causeId: text.causeId,
    fanId: text.fanId,
    parts: text.parts,
    hasOptOutWording: text.hasOptOutWording,
    againFlowId: text.againFlowId,
  };
  return {
    kind: 'call',
    effect: sendEffect,
    payload,
    lanes: [{ id: `sms:${sender.connectionId}:${sender.number}`, cost: text.parts, rate: sender.rate }],
    credits: { account: 'sms', amount: text.credits, isFree: text.isFree === true },
    writes: [...text.writes, { writer: messageWriter, row: message }],
    giveUpAt: text.giveUpAt,
  };
}
