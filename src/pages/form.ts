import type { Context } from 'hono';
import { readBytes } from '#lib/read-bytes.ts';
import type { NewPurpose } from '#releases/purposes.ts';
import type { ConnectData } from './connect-data.ts';
import { linkEnd, wishesOf } from './wishes.ts';

/** Our forms are a few short fields. */
const mostBytes = 8 * 1024;

/** URL-encoded fields; a body that is too long or of another kind reads as empty. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  const type = c.req.header('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams();
  const body = await readBytes(c.req.raw, mostBytes);
  return new URLSearchParams(body?.toString('utf8') ?? '');
}

/** Only what the page offers can be ticked, and it is kept with the words that stand there. */
export function tickedPurposes(data: ConnectData, form: URLSearchParams): NewPurpose[] {
  const ticked = new Set(form.getAll('purpose'));
  return wishesOf(data, linkEnd(data))
    .filter(({ kind }) => ticked.has(kind))
    .map(({ kind, targetId, title, why }) => ({ kind, targetId, words: `${title}. ${why}`, source: 'page' }));
}
