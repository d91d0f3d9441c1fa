/**
 * How texts from phones are made comparable, for keywords (R16) and compliance words (R41) alike.
 * Browser-safe.
 */

/** What phones put inside a word without meaning to divide it; an en or em dash does divide. */
const joiners =
  /[-\u2010\u2011\u2212\u00ad'\u2018\u2019\u201b\u02bc\u02b9\u00b4`\u200b-\u200d\u2060\ufeff]|[\ufe0e\ufe0f]|\u20e3/gu;

const wordPattern = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/**
 * Unicode compatibility form and case removed: `ＰＲＥ`, `Pre` and `pre` are one. Upper case comes
 * first because only that way `ß` and `ss` meet; a final sigma is an ordinary sigma.
 * Folding twice changes nothing.
 */
export function foldCase(text: string): string {
  if (isPlainAscii(text)) return text.toLowerCase();
  return foldOnce(foldOnce(text));
}

function foldOnce(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i')
    .normalize('NFKC');
}

/** Nothing but letters, digits and marks of any script is left in a word; hyphens and apostrophes join. */
export function foldedWords(text: string): string[] {
  // Before folding too: compatibility form would turn a spacing acute accent into a space.
  return removeJoiners(foldCase(removeJoiners(text))).match(wordPattern) ?? [];
}

export function removeJoiners(text: string): string {
  return text.replace(joiners, '');
}

/** `arrêt` as `arret`: only accents of Latin, Greek and Cyrillic letters go, kana keep their voicing marks. */
export function withoutAccents(text: string): string {
  if (isPlainAscii(text)) return text;
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/gu, '')
    .normalize('NFC');
}

function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
