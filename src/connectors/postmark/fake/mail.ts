import { z } from 'zod';
import type { KeptMail } from '../../kit/email/mailboxes.ts';

/** An error as the provider words it. */
export function refuse(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ ErrorCode: code, Message: message }, { status, headers });
}

const header = z.strictObject({
  Name: z.string().regex(/^[\x21-\x39\x3b-\x7e]+$/),
  Value: z.string().regex(/^[^\r\n]*$/),
});

const request = z.strictObject({
  From: z.string().min(3),
  To: z.string().min(3),
  Cc: z.string().optional(),
  Bcc: z.string().optional(),
  Subject: z.string().max(2_000).optional(),
  Tag: z.string().max(1_000).optional(),
  HtmlBody: z.string().optional(),
  TextBody: z.string().optional(),
  ReplyTo: z.string().optional(),
  Headers: z.array(header).optional(),
  TrackOpens: z.boolean().optional(),
  TrackLinks: z.enum(['None', 'HtmlAndText', 'HtmlOnly', 'TextOnly']).optional(),
  MessageStream: z.string().optional(),
  Metadata: z.record(z.string().max(20), z.string().max(80)).optional(),
});

const email = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;
const streams = ['outbound', 'broadcast'];

/** A mail as it may leave, or the code that refuses it. Only `domain` has a sender signature. */
export function checkMail(
  body: unknown,
  domain: string,
):
  | Pick<KeptMail, 'from' | 'to' | 'subject' | 'html' | 'text' | 'headers' | 'tags'>
  | {
      ErrorCode: number;
      Message: string;
    } {
  const read = request.safeParse(body);
  if (!read.success) return { ErrorCode: 402, Message: 'Invalid JSON: a field is missing or unknown.' };
  const mail = read.data;
  if (mail.HtmlBody === undefined && mail.TextBody === undefined)
    return { ErrorCode: 300, Message: 'Provide either email TextBody or HtmlBody or both.' };
  const sender = /<([^<>]+)>$/.exec(mail.From)?.[1] ?? mail.From;
  if (!email.test(sender)) return { ErrorCode: 300, Message: 'Invalid ‘From’ address.' };
  if (!email.test(mail.To)) return { ErrorCode: 300, Message: 'Invalid ‘To’ address.' };
  if (!sender.toLowerCase().endsWith(`@${domain}`))
    return { ErrorCode: 400, Message: 'The ‘From’ address you supplied is not a Sender Signature.' };
  if (!streams.includes(mail.MessageStream ?? 'outbound'))
    return { ErrorCode: 1235, Message: 'The ‘MessageStream’ does not exist on this server.' };
  return {
    from: mail.From,
    to: mail.To,
    subject: mail.Subject ?? '',
    html: mail.HtmlBody ?? '',
    text: mail.TextBody ?? '',
    headers: Object.fromEntries((mail.Headers ?? []).map(({ Name, Value }) => [Name, Value])),
    tags: mail.Metadata ?? {},
  };
}
