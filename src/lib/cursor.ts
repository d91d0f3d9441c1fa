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
  if (!isId(id) || encodeCursor(id) !== cursor) throw badCursor();
  return id;
}

/** Where the next page of a list begins that is not in the order of ids: behind `(rank, id)`. */
export interface Place {
  /** What the list is ordered by first, as text that the list understands. */
  rank: string;
  id: string;
}

export function encodePlace({ rank, id }: Place): string {
  return Buffer.from(`${rank}\n${id}`).toString('base64url');
}

/** Null: at the start. Throws `bad_cursor` where `isPlace` does not know such a place. */
export function decodePlace(cursor: string | undefined, isPlace: (place: Place) => boolean): Place | null {
  if (cursor === undefined) return null;
  const [rank = '', id = '', ...more] = Buffer.from(cursor, 'base64url').toString().split('\n');
  const place = { rank, id };
  if (more.length > 0 || id === '' || !isPlace(place) || encodePlace(place) !== cursor) throw badCursor();
  return place;
}

function badCursor(): UserError {
  const message = 'This cursor is not one that a list gave out. Begin without a cursor.';
  return new UserError(422, 'bad_cursor', message, {
    errors: [{ path: 'cursor', code: 'bad_cursor', message: 'Not a cursor of this list.' }],
  });
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
