import type { CountryPack } from './country-pack.ts';

export const gb: CountryPack = {
  country: 'GB',
  name: 'United Kingdom',
  alsoFor: ['GG', 'JE', 'IM'],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'PECR 2003, reg. 22: consent to this sender; UK GDPR art. 4(11) and 7' },
    {
      about: 'what texts carry',
      from: 'PECR reg. 22(3)(c) and 23: a way out in every message, sender not hidden',
    },
    { about: 'hours', from: 'no law names hours for texts; published tables of messaging vendors: 8 to 20' },
    { about: 'age', from: 'Data Protection Act 2018, s. 9: 13' },
  ],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 13,
  everyText: { wayOut: true, contact: false },
  retention: { optOut: 10, optIn: 5 },
  zones: ['Europe/London'],
  hours: { weekdays: [8, 20], saturday: [9, 20], sunday: [10, 18] },
  regions: {},
  holidays: [],
  holidaysAreMoved: false,
};
