import { UserError } from './errors.ts';
import { isId } from './ids.ts';

/** Where the next page begins: behind the row with this id. */
export function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id behind which a page begins; null: at the start. Throws `bad_cursor`. */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId(id) || encodeCursor(id) !== cursor) {
    throw new UserError(
      422,
      'bad_cursor',
      'This cursor is not one that a list gave out. Begin without a cursor.',
      {
        errors: [{ path: 'cursor', code: 'bad_cursor', message: 'Not a cursor of this list.' }],
      },
    );
  }
  return id;
}

/** Rows fetched with `limit + 1`, cut to a page. */
export function toPage<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null };
}
