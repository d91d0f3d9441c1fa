import { z } from 'zod';
import { refuse } from './answers.ts';

export interface ResendMail {
  from: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
}

const addressText = z.string().min(3);
const tagText = z.string().regex(/^[A-Za-z0-9_-]{1,256}$/);
const oneOrMany = z.union([addressText, z.array(addressText).min(1).max(50)]);

/** `SendEmailRequest` of the published document; unknown fields are refused as the API does. */
const request = z.strictObject({
  from: addressText,
  to: oneOrMany,
  subject: z.string().min(1),
  bcc: oneOrMany.optional(),
  cc: oneOrMany.optional(),
  reply_to: oneOrMany.optional(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.record(z.string().regex(/^[\x21-\x39\x3b-\x7e]+$/), z.string().regex(/^[^\r\n]*$/)).optional(),
  tags: z.array(z.strictObject({ name: tagText, value: tagText })).optional(),
});

const email = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;

/** A mail as it may leave, or the refusal. Only `domain` is verified in this account. */
export function checkMail(body: unknown, domain: string): ResendMail | Response {
  const read = request.safeParse(body);
  if (!read.success) return refuse(422, missesField(body) ? 'missing_required_field' : 'validation_error');
  const { from, to, subject, html, text, headers = {}, tags = [] } = read.data;
  if (html === undefined && text === undefined) return refuse(422, 'missing_required_field');
  const sender = /^(?:"[^"]*" |[^<>"]* )?<([^<>]+)>$/.exec(from)?.[1] ?? from;
  if (!email.test(sender)) return refuse(422, 'invalid_from_address');
  // "The domain is not verified": 403 with the name of a validation error.
  if (!sender.toLowerCase().endsWith(`@${domain}`)) return refuse(403, 'validation_error');
  const [first = '', ...others] = typeof to === 'string' ? [to] : to;
  if ([first, ...others].some((one) => !email.test(one))) return refuse(422, 'invalid_to_address');
  return {
    from,
    to: first,
    subject,
    html: html ?? '',
    text: text ?? '',
    headers,
    tags: Object.fromEntries(tags.map(({ name, value }) => [name, value])),
  };
}

function missesField(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return true;
  return ['from', 'to', 'subject'].some((name) => !(name in body));
}
