const names = new Intl.DisplayNames('en', { type: 'region' });
/** Codes of the catalogue of regions that are no country one can text. */
const noCountry = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** `Germany` of `DE`; the code where there is no such country. */
export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Every country by its two letters, in the order of their names; built on the first call. */
export function listCountries(): readonly { value: string; label: string }[] {
  countries ??= allPairs()
    .filter((code) => !noCountry.has(code) && isCurrent(code))
    .map((value) => ({ value, label: countryName(value) }))
    .filter(({ value, label }) => value !== label)
    .toSorted((a, b) => a.label.localeCompare(b.label, 'en'));
  return countries;
}
let countries: readonly { value: string; label: string }[] | undefined;

/** Whether it is not a code of the past, which stands for another one now. */
const isCurrent = (code: string) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;

function allPairs(): string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  return letters.flatMap((first) => letters.map((second) => first + second));
}
