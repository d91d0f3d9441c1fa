import type { CountryPack } from './country-pack.ts';

export const nl: CountryPack = {
  country: 'NL',
  name: 'Netherlands',
  alsoFor: [],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'Telecommunicatiewet, art. 11.7(1)' },
    {
      about: 'what texts carry',
      from: 'Telecommunicatiewet, art. 11.7(4): who sends, an address to end it at',
    },
    {
      about: 'hours',
      from: 'no law names hours for texts; vendors’ tables: 8 to 20; Saturday and Sunday by our reading',
    },
    { about: 'age', from: 'Uitvoeringswet AVG, art. 5: 16' },
    { about: 'holidays', from: 'Algemene termijnenwet, art. 3' },
  ],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 16,
  everyText: { wayOut: true, contact: false },
  retention: { optOut: 10, optIn: 5 },
  zones: ['Europe/Amsterdam'],
  hours: { weekdays: [8, 20], saturday: [10, 16], sunday: null, holidays: null },
  regions: {},
  holidays: [
    { month: 1, day: 1 },
    { easter: -2 },
    { easter: 1 },
    { month: 4, day: 27 },
    { month: 5, day: 5 },
    { easter: 39 },
    { easter: 50 },
    { month: 12, day: 25 },
    { month: 12, day: 26 },
  ],
  holidaysAreMoved: false,
};
