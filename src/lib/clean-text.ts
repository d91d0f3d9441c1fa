/**
 * A string that PostgreSQL, JSON and every provider can hold: NUL characters are removed (text
 * columns refuse them) and each lone surrogate becomes U+FFFD (UTF-8 cannot carry one). Applied
 * to every string that comes in from outside. Applying it twice changes nothing.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
