import { describe, expect, test } from 'vitest';
import { usStateCodes } from '../quiet-hours/us-states.ts';
import { ageLine, checkCountryPacks, countryPacks, packFor } from './index.ts';
import type { CountryPack, PackHours } from './country-pack.ts';

type Day = PackHours['weekdays'];
const isWithin = (inner: Day, outer: Day) =>
  inner === null || (outer !== null && outer[0] <= inner[0] && inner[1] <= outer[1]);
const isInside = (inner: PackHours, outer: PackHours) =>
  isWithin(inner.weekdays, outer.weekdays) &&
  isWithin(inner.saturday, outer.saturday) &&
  isWithin(inner.sunday, outer.sunday);
const us = packFor('US');
const strictest = packFor(null);

describe('R99 country packs', () => {
  test('are what the schema says, one a country, dated and with sources', () => {
    expect(() => checkCountryPacks()).not.toThrow();
    expect(countryPacks.map(({ country }) => country)).toEqual([
      'US',
      'CA',
      'GB',
      'DE',
      'FR',
      'ES',
      'NL',
      'AU',
    ]);
    for (const { sources } of countryPacks)
      for (const about of ['consent', 'what texts carry', 'hours', 'age'])
        expect(sources.map((one) => one.about)).toContain(about);
  });

  test.each<[string, Partial<CountryPack>, string]>([
    ['hours backwards', { hours: { ...us.hours, weekdays: [21, 8] } }, 'hours.weekdays'],
    ['a zone that is none', { zones: ['America/Nowhere'] }, 'zones.0'],
    ['no source', { sources: [] }, 'sources'],
    ['a date that is none', { checkedOn: '2026-13-01' }, 'checkedOn'],
    ['an opt-out that is forgotten too early', { retention: { optOut: 2, optIn: 5 } }, 'retention.optOut'],
  ])('refuses at start %s', (_name, change, where) => {
    expect(() => checkCountryPacks([{ ...us, ...change }])).toThrow(`United States: ${where}`);
  });

  test('refuses two packs for one country', () => {
    expect(() => checkCountryPacks([us, us])).toThrow('two country packs are for US');
  });

  test('a keyword is consent in the United States and Canada and nowhere else; a form needs a yes but in the United States', () => {
    const all = [...countryPacks, strictest];
    const named = (pick: (pack: CountryPack) => boolean) =>
      all.flatMap((pack) => (pick(pack) ? [pack.country] : []));
    expect(named(({ keywordIsConsent }) => keywordIsConsent)).toEqual(['US', 'CA']);
    expect(named(({ formNeedsYes }) => !formNeedsYes)).toEqual(['US']);
    expect(packFor('PR')).toBe(us);
    expect(packFor('CH')).toBe(strictest);
    expect(packFor('ZZ')).toBe(strictest);
  });

  test('an unknown state is treated as the strictest one, and every row is a state inside the federal hours', () => {
    for (const [state, { hours }] of Object.entries(us.regions)) {
      expect(usStateCodes).toContain(state);
      expect([state, isInside(hours, us.hours)]).toEqual([state, true]);
      expect([state, us.unknownRegion && isInside(us.unknownRegion, hours)]).toEqual([state, true]);
    }
  });

  test('an unknown country is inside every pack that there is', () => {
    for (const pack of countryPacks) {
      expect([pack.country, isInside(strictest.hours, pack.hours)]).toEqual([pack.country, true]);
      expect(strictest.minimumAge).toBeGreaterThanOrEqual(pack.minimumAge);
    }
  });
});

test('R115 the age line is of the country, in the language of the words around it', () => {
  expect(ageLine(us)).toBe('For ages 13 and up.');
  expect(ageLine(packFor('DE'), 'de-AT')).toBe('Ab 16 Jahren.');
  expect(ageLine(packFor('ES'), 'es')).toBe('A partir de 14 años.');
});
