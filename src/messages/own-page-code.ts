import type { Connections } from '#connections/connections.ts';
import { priority, type NewItem } from '#engine/contract.ts';
import { codeMinutes } from '#fans/own-page-codes.ts';
import type { AnswerData } from './inbound/decisions.ts';
import { chooseEmailSender } from './email/email-senders.ts';
import type { CodeMailData } from './email/plan-code-mail.ts';
import { chooseSender, sendersOf } from './outbound/sender.ts';
import type { LocateNumber } from './quiet-hours/zones.ts';

export interface CodeToSend {
  projectId: string;
  fanId: string;
  channel: 'sms' | 'email';
  address: string;
  code: string;
  now: Date;
}

/** Channels on which this project can send a code. */
export async function codeChannels(
  connections: Connections,
  projectId: string,
): Promise<ReadonlySet<'sms' | 'email'>> {
  const all = await connections.ofProject(projectId);
  return new Set([
    ...(all.some((one) => sendersOf(one).length > 0) ? (['sms'] as const) : []),
    ...(chooseEmailSender(all, null) === null ? [] : (['email'] as const)),
  ]);
}

/** The item that sends a code; null: there is nothing to send it from. */
export async function codeItem(
  { connections, locate }: { connections: Connections; locate: LocateNumber },
  to: CodeToSend,
): Promise<NewItem | null> {
  const { projectId, fanId, channel, address, code, now } = to;
  const giveUpAt = new Date(now.getTime() + codeMinutes * 60_000).toISOString();
  const item = { kind: 'send', fanId, priority: priority.compliance, dueAt: now };
  const all = await connections.ofProject(projectId);
  if (channel === 'email') {
    if (chooseEmailSender(all, null) === null) return null;
    const data: CodeMailData = { codeMail: code, address, giveUpAt };
    return { ...item, data };
  }
  const wanted = { connectionId: null, repliesFrom: null, address, textedFrom: null };
  const sender = chooseSender(all, wanted, locate);
  if (sender === null) return null;
  const data: AnswerData = {
    answer: 'code',
    code,
    connectionId: sender.connectionId,
    sender: sender.number,
    address,
    at: now.toISOString(),
    giveUpAt,
    isSharedSender: false,
    isOwed: false,
  };
  return { ...item, data };
}
