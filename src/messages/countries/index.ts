import { au } from './au.ts';
import { ca } from './ca.ts';
import { countryPack, type CountryPack } from './country-pack.ts';
import { de } from './de.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { gb } from './gb.ts';
import { nl } from './nl.ts';
import { strictest } from './strictest.ts';
import { us } from './us.ts';

/** Every country that somebody has looked at. A new one is a file and a line here. */
export const countryPacks: readonly CountryPack[] = [us, ca, gb, de, fr, es, nl, au];

const byCountry: ReadonlyMap<string | null, CountryPack> = new Map(
  countryPacks.flatMap((pack) => [pack.country, ...pack.alsoFor].map((code) => [code, pack] as const)),
);

/** The rules of a country (ISO 3166); the strictest ones for one without a pack, and for none at all (R99). */
export function packFor(country: string | null): CountryPack {
  return byCountry.get(country) ?? strictest;
}

/** Throws where a pack is not what the schema says or two claim one country: before anything is sent. */
export function checkCountryPacks(packs: readonly CountryPack[] = [...countryPacks, strictest]): void {
  const seen = new Set<string>();
  for (const pack of packs) {
    const checked = countryPack.safeParse(pack);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      throw new Error(`country pack ${pack.name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    }
    for (const code of [pack.country ?? '', ...pack.alsoFor]) {
      if (seen.has(code)) throw new Error(`two country packs are for ${code || 'every other country'}`);
      seen.add(code);
    }
  }
}

/** R115: the age sentence of a consent text, in the languages that have one; English otherwise. */
export function ageLine({ minimumAge }: Pick<CountryPack, 'minimumAge'>, language = 'en'): string {
  if (language.startsWith('de')) return `Ab ${minimumAge} Jahren.`;
  if (language.startsWith('es')) return `A partir de ${minimumAge} años.`;
  return `For ages ${minimumAge} and up.`;
}
