/** An escape that JSON allows and PostgreSQL's text does not: NUL, or half of a surrogate pair. */
const refused = /(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f][0-9a-f]{2})/g;

/**
 * JSON text for a statement's parameter. What a provider or a fan wrote may hold anything: NUL is
 * dropped and half a surrogate pair becomes the replacement character, so that no batch fails on it.
 */
export function asJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u')) return text;
  return text.replace(
    refused,
    (_, before: string, code: string) => before + (code === '0000' ? '' : '\\ufffd'),
  );
}
