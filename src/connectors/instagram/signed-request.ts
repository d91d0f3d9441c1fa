import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../kit/answers.ts';
import { isSame } from './signature.ts';

const payload = z.object({
  algorithm: z.literal('HMAC-SHA256'),
  user_id: z.union([z.string().min(1), z.number()]).transform(String),
});

/**
 * Reads what Meta sends when somebody removes the app or asks for deletion: `signature.payload`, both in
 * base64url, signed over the second part with the app's secret. Null: not Meta's; never throws.
 */
export function readSignedRequest(
  secrets: readonly (string | undefined)[],
  text: string,
): { userId: string } | null {
  const [signature, body, ...rest] = text.split('.');
  if (signature === undefined || body === undefined || rest.length > 0) return null;
  const isSigned = secrets
    .map((secret) => secret !== undefined && isSame(sign(secret, body), signature.replace(/=+$/, '')))
    .includes(true);
  const read = payload.safeParse(parseJson(Buffer.from(body, 'base64url').toString('utf8')));
  return isSigned && read.success ? { userId: read.data.user_id } : null;
}

export function writeSignedRequest(secret: string, value: object): string {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${sign(secret, body)}.${body}`;
}

function sign(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
}
