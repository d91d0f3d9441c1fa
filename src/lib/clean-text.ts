/**
 * A string that PostgreSQL, JSON and every provider can hold: NUL characters are removed (text
 * columns refuse them) and each lone surrogate becomes U+FFFD (UTF-8 cannot carry one). Applied
 * to every string that comes in from outside. Applying it twice changes nothing.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** At most `length` UTF-16 units from the start; a surrogate pair is left out rather than split. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, splitsPair ? length - 1 : length);
}
