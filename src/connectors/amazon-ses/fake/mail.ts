import { z } from 'zod';
import type { KeptMail } from '../../kit/email/mailboxes.ts';

const part = z.strictObject({ Data: z.string(), Charset: z.string().optional() });

/** `SendEmail` with simple content, as the API reference has it. */
const request = z.strictObject({
  FromEmailAddress: z.string().regex(/^[\x20-\x7e]+$/),
  Destination: z.strictObject({
    ToAddresses: z.array(z.string()).min(1).max(50),
    CcAddresses: z.array(z.string()).optional(),
    BccAddresses: z.array(z.string()).optional(),
  }),
  ReplyToAddresses: z.array(z.string()).optional(),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: part,
      Body: z.strictObject({ Html: part.optional(), Text: part.optional() }),
      Headers: z
        .array(
          z.strictObject({
            Name: z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,126}$/),
            Value: z.string().regex(/^[\x20-\x7e]{1,870}$/),
          }),
        )
        .max(15)
        .optional(),
    }),
  }),
  EmailTags: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[\w-]{1,255}$/),
        Value: z.string().regex(/^[\w.@-]{1,255}$/),
      }),
    )
    .optional(),
  ConfigurationSetName: z.string().optional(),
});

const email = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;

/** A mail as it may leave, or the type of error. Only `domain` is a verified identity. */
export function checkMail(
  body: unknown,
  domain: string,
): Pick<KeptMail, 'from' | 'to' | 'subject' | 'html' | 'text' | 'headers' | 'tags'> | string {
  const read = request.safeParse(body);
  if (!read.success) return 'BadRequestException';
  const { FromEmailAddress: from, Destination, Content, EmailTags = [], ConfigurationSetName } = read.data;
  const { Subject, Body, Headers: headers = [] } = Content.Simple;
  if (Body.Html === undefined && Body.Text === undefined) return 'BadRequestException';
  if (ConfigurationSetName !== undefined && ConfigurationSetName !== 'segue') return 'NotFoundException';
  const sender = /<([^<>]+)>$/.exec(from)?.[1] ?? from;
  const [to = ''] = Destination.ToAddresses;
  if (!email.test(sender) || !email.test(to)) return 'BadRequestException';
  if (!sender.toLowerCase().endsWith(`@${domain}`)) return 'MessageRejected';
  return {
    from: readName(from),
    to,
    subject: Subject.Data,
    html: Body.Html?.Data ?? '',
    text: Body.Text?.Data ?? '',
    headers: Object.fromEntries(headers.map(({ Name, Value }) => [Name, Value])),
    tags: Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, Value])),
  };
}

/** As a reader sees it: encoded words (RFC 2047) as letters. */
function readName(from: string): string {
  return from.replace(/(=\?UTF-8\?B\?[A-Za-z0-9+/=]*\?=\s?)+/g, (words) => {
    const bytes = [...words.matchAll(/\?B\?([^?]*)\?=/g)].map(([, text = '']) => Buffer.from(text, 'base64'));
    return `${Buffer.concat(bytes).toString('utf8')} `;
  });
}
