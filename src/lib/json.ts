/**
 * The text a row of ours holds under a name. Rows that go through the database as JSON lose their
 * types on the way; one that holds something else is a bug, and throws.
 */
export function textAt(row: Readonly<Record<string, unknown>>, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not text`);
  return value;
}

/** The text under a name; null where there is none, or none to speak of. */
export function someText(object: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
