import { z } from 'zod';

/** Pieces of contracts that every feature uses. Browser-safe. */

/** Lower-case UUIDv7, as all ids are. */
export const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
  error: 'An id is a lower-case UUID.',
});

/** Written as `2026-11-23T03:00:00.000Z`; a `Date` on the server. */
export const time = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((at) => new Date(at).toISOString())
  // Says in the documentation what comes out.
  .pipe(z.iso.datetime());

/** A time as callers send it; any offset. */
export const sentTime = z.iso.datetime({ offset: true });

export const idParams = z.strictObject({ id });

export const defaultLimit = 50;
const maxLimit = 200;

/** `?limit=1..200&cursor=`, in front of an endpoint's own filters. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  cursor: z.string().max(200).optional(),
};

/** Newest first. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
