import type { Context } from 'hono';
import type { z } from 'zod';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';

export type Handler = (context: Context, projectId: string, caller: Caller) => Promise<Response>;

/** Opens doors of the sandbox API: to test projects alone, by who may read or write. */
export interface Doors {
  read: (path: string, handler: Handler) => void;
  write: (path: string, handler: Handler) => void;
}

/** Through the schema, so that nothing leaves that the contract does not name. */
export function answer<S extends z.ZodType>(
  context: Context,
  schema: S,
  value: z.input<S>,
  status: 200 | 201 | 202 | 502 = 200,
): Response {
  return context.json(schema.parse(value) as object, status); // every answer of the sandbox is an object
}

export function notFound(detail = 'There is nothing here.'): UserError {
  return new UserError(404, 'not_found', detail);
}
