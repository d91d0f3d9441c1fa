import type { Connection } from '#connections/connections.ts';
import type { EmailClient, LaneRate } from '#connectors/connector.ts';
import { emailCredits } from '#credits/prices.ts';
import type { JsonObject, LocalWrite, Verdict } from '#engine/contract.ts';
import { messageWriter } from '../outbound/send-call.ts';
import type { EmailToCompose } from './compose-email.ts';

/** Where a repeat would reach the reader twice, and where the provider recognises it. */
export const emailEffects = { once: 'email.send', keyed: 'email.send-keyed' } as const;

/** The shortest time for which a provider recognises a key, with room for clocks that differ. */
export const keyedWindowMs = 23 * 3_600_000;

export const suppressWriter = 'email.suppress';
export const firstMailWriter = 'email.first';

export interface EmailToSend {
  connection: Connection;
  client: EmailClient;
  warmUp: LaneRate | null;
  to: string;
  email: EmailToCompose;
  fanId: string;
  runId: string | null;
  causeId: string | null;
  /** Domain time. */
  giveUpAt: Date;
  writes: readonly LocalWrite[];
  /** What the law or a sign-up asks for: neither an advertisement nor paid with credits (R85). */
  isCompliance?: boolean;
}

/** The call that sends a mail, with the row that counts it: committed together, before the call. */
export function emailCall(send: EmailToSend): Extract<Verdict, { kind: 'call' }> {
  const { connection, client, warmUp, to, email, giveUpAt } = send;
  const payload: JsonObject = { connectionId: connection.id, to, email: { ...email } };
  const message: JsonObject = {
    channel: 'email',
    address: to,
    sender: client.sender.address,
    class: send.isCompliance === true ? 'compliance' : 'marketing',
    runId: send.runId,
    causeId: send.causeId,
    fanId: send.fanId,
    parts: 1,
    hasOptOutWording: true,
    againFlowId: null,
  };
  const lanes = [{ id: `email:${connection.id}`, cost: 1, rate: client.rate }];
  if (warmUp !== null) lanes.push({ id: `email-warm-up:${connection.id}`, cost: 1, rate: warmUp });
  const warming = warmUp === null ? [] : [{ writer: firstMailWriter, row: { connectionId: connection.id } }];
  return {
    kind: 'call',
    effect: isRecognised(client) ? emailEffects.keyed : emailEffects.once,
    payload,
    lanes,
    credits: { account: 'email', amount: emailCredits, isFree: send.isCompliance === true },
    writes: [...send.writes, { writer: messageWriter, row: message }, ...warming],
    giveUpAt,
  };
}

function isRecognised({ repeat }: EmailClient): boolean {
  return repeat.class === 'keyed' && repeat.windowMs >= keyedWindowMs;
}
