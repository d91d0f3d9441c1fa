import { z } from 'zod';

/**
 * What may be saved of something that a person is still filling in: the same fields, each of which may
 * be absent or, where it is text, empty. What is there must be right, and unknown fields stay refused.
 * Lists and fields with a default stay as they are. Browser-safe.
 */
export function draftOf(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodObject)) return schema;
  const shape = Object.entries(schema.shape).map(([name, field]) => [name, draftField(field)] as const);
  return z.strictObject(Object.fromEntries(shape));
}

function draftField(field: z.core.SomeType): z.ZodType {
  // As: every schema of ours is a classic one; `shape` only says less.
  const known = field as z.ZodType;
  if (known instanceof z.ZodDefault || known instanceof z.ZodArray) return known;
  if (known instanceof z.ZodOptional) return draftOf(known.unwrap() as z.ZodType).optional(); // as above
  if (known instanceof z.ZodObject) return draftOf(known).optional();
  // The empty text last, so that what is said about a wrong one is what the field itself says.
  if (known.def.type === 'string') return z.union([known, z.literal('')]).optional();
  return known.optional();
}
