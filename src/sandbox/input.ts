import type { Context } from 'hono';
import type { z } from 'zod';
import { UserError } from '#lib/errors.ts';
import { readBytes } from '#lib/read-bytes.ts';

/** As the API's own limit. */
const maxBodyBytes = 256 * 1024;

/** The JSON body by its schema; `UserError` 413 when it is too large, 422 when it does not fit. */
export async function readBody<S extends z.ZodType>(context: Context, schema: S): Promise<z.output<S>> {
  const body = await readBytes(context.req.raw, maxBodyBytes);
  if (body === null) throw new UserError(413, 'too_large', 'The body is larger than 256 KB.');
  return check(schema, parseJson(body.toString('utf8')));
}

/** The query by its schema; `UserError` 422 when it does not fit. */
export function readQuery<S extends z.ZodType>(context: Context, schema: S): z.output<S> {
  return check(schema, context.req.query());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(422, 'invalid', 'The body is not JSON.', {
      errors: [{ path: '', code: 'not_json', message: 'The body is not JSON.' }],
    });
  }
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, code, message }) => ({
    path: path.join('.'),
    code,
    message,
  }));
  throw new UserError(422, 'invalid', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), {
    errors,
  });
}
