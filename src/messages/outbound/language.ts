import type { FanFacts } from '#fans/facts.ts';

/** Main languages of countries whose language the system speaks; English for every other. */
const spoken: Readonly<Record<string, string>> = {
  DE: 'de',
  AT: 'de',
  CH: 'de',
  LI: 'de',
  ES: 'es',
  MX: 'es',
  AR: 'es',
  CL: 'es',
  CO: 'es',
  PE: 'es',
};

/** The language of the system's words to a fan: her own where it is known, else that of her number's country. */
export function languageOf(facts: Pick<FanFacts, 'language'>, country: string | null): string {
  return facts.language ?? (country === null ? undefined : spoken[country]) ?? 'en';
}
