import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import type { PageLanguage } from './words.ts';

interface Country {
  code: string;
  /** `Germany +49`. */
  label: string;
}

const known = new Map<PageLanguage, readonly Country[]>();

/** Every country that has numbers, by its name in that language. */
export function countriesIn(language: PageLanguage): readonly Country[] {
  const before = known.get(language);
  if (before !== undefined) return before;
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const countries = getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code, calling: getCountryCallingCode(code) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
    .map(({ code, name, calling }) => ({ code, label: `${name} +${calling}` }));
  known.set(language, countries);
  return countries;
}
