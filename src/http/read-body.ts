import { cleanText } from '#lib/clean-text.ts';
import { UserError } from '#lib/errors.ts';
import { readBytes } from '#lib/read-bytes.ts';

export const maxApiBody = 256 * 1024;
/** Deeper JSON is nobody's data. */
const maxDepth = 32;

/** The body as JSON with clean strings; an empty one is `undefined`. Throws 413 and 400. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, maxApiBody);
  if (bytes === null) throw tooLarge(maxApiBody);
  if (bytes.byteLength === 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new UserError(400, 'invalid', 'The body is not JSON in UTF-8.');
  }
  return cleanJson(parsed, 0);
}

/** The body as it is; throws 413 as soon as it has become too large. */
export async function readFile(request: Request, maxBytes: number): Promise<Buffer> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) throw tooLarge(maxBytes);
  return bytes;
}

/** Every string as a database, JSON and providers can hold it. */
function cleanJson(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth)
    throw new UserError(400, 'invalid', `The body is nested deeper than ${maxDepth} levels.`);
  if (Array.isArray(value)) return value.map((inner) => cleanJson(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [cleanText(name), cleanJson(inner, depth + 1)]),
  );
}

function tooLarge(limit: number): UserError {
  const [size, unit] = limit < 1024 * 1024 ? [limit / 1024, 'KB'] : [limit / 1024 / 1024, 'MB'];
  return new UserError(413, 'too_large', `This is larger than ${size} ${unit}.`);
}
