import type { CountryPack } from './country-pack.ts';

export const de: CountryPack = {
  country: 'DE',
  name: 'Germany',
  alsoFor: [],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'UWG § 7(2) no. 2; BGH I ZR 38/10: a declaration about advertising alone' },
    {
      about: 'double opt-in',
      from: 'BGH I ZR 164/09: a typed address is proven by its owner’s confirmation',
    },
    { about: 'what texts carry', from: 'UWG § 7(2) no. 3: sender not hidden, an address to end it at' },
    {
      about: 'hours',
      from: 'no law names hours for texts; vendors’ tables: 8 to 20; Sundays and holidays by our reading',
    },
    { about: 'age', from: 'GDPR art. 8(1), not lowered: 16' },
    { about: 'holidays', from: 'the nine days that are kept in every Land' },
  ],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 16,
  everyText: { wayOut: true, contact: false },
  retention: { optOut: 10, optIn: 5 },
  zones: ['Europe/Berlin'],
  hours: { weekdays: [8, 20], saturday: [9, 20], sunday: null, holidays: null },
  regions: {},
  holidays: [
    { month: 1, day: 1 },
    { easter: -2 },
    { easter: 1 },
    { month: 5, day: 1 },
    { easter: 39 },
    { easter: 50 },
    { month: 10, day: 3 },
    { month: 12, day: 25 },
    { month: 12, day: 26 },
  ],
  holidaysAreMoved: false,
};
