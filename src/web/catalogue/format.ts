/** Numbers, times and plurals as the person's language writes them. No sentence of its own. */

const language = typeof navigator === 'undefined' ? 'en' : navigator.language;
const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat(language);
const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });

/** The form that fits `count`, with `#` as the number: `plural(2, { one: '# run', other: '# runs' })`. */
export function plural(count: number, forms: { one: string; other: string }): string {
  const form = plurals.select(count) === 'one' ? forms.one : forms.other;
  return form.replaceAll('#', number(count));
}

export const number = (value: number) => numbers.format(value);
/** `2.1k` where there is little room. */
export const shortNumber = (value: number) => short.format(value);
/** 0.98 as `98%`; never `100%` or `0%` for what is not all or nothing. */
export function percent(share: number): string {
  const bounded = share > 0.99 && share < 1 ? 0.99 : share > 0 && share < 0.01 ? 0.01 : share;
  return percents.format(bounded);
}

const countries = new Intl.DisplayNames('en', { type: 'region' });
const languages = new Intl.DisplayNames('en', { type: 'language' });
/** `DE` as `Germany`. */
export const countryName = (code: string) => countries.of(code) ?? code;
/** `de-CH` as `Swiss High German`. */
export const languageName = (code: string) => languages.of(code) ?? code;
/** `+1 602 555 0124`, so that it can be read out; other countries group in ways of their own. */
export const phoneNumber = (e164: string) => e164.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}

/** `America/Los Angeles`. */
export const zoneName = (zone: string) => zone.replaceAll('_', ' ');
