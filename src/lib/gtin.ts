/**
 * Bar codes of releases (UPC, EAN: GTIN of 8 to 14 digits). Services disagree about the zeros in front:
 * one finds only with them, another only without, and all mean the same release.
 */
export function isSameGtin(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false;
  const bare = bareGtin(a);
  return bare !== '' && bare === bareGtin(b);
}

function bareGtin(code: string): string {
  const digits = code.replaceAll(/\D/g, '');
  return digits.length > 14 ? '' : digits.replace(/^0+/, '');
}

/** As it was given, then with zeros to 14, 13 and 12 digits: the order in which a service is asked. */
export function gtinForms(code: string): string[] {
  const bare = bareGtin(code);
  if (bare === '') return [];
  const padded = [14, 13, 12]
    .filter((length) => length >= bare.length)
    .map((length) => bare.padStart(length, '0'));
  return [...new Set([code.replaceAll(/\D/g, ''), ...padded])];
}
