import type { CountryPack } from './country-pack.ts';

export const au: CountryPack = {
  country: 'AU',
  name: 'Australia',
  alsoFor: ['CX', 'CC', 'NF'],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'Spam Act 2003, s. 16' },
    {
      about: 'what texts carry',
      from: 'Spam Act 2003, s. 17 and 18: who sends, how to reach them, a way out',
    },
    {
      about: 'hours',
      from: 'Telemarketing and Research Calls Industry Standard 2017: calls 9 to 20, Saturday to 17, none on Sundays and national holidays; texts are kept inside them by our reading',
    },
    { about: 'age', from: 'guidance of the Information Commissioner: capacity is presumed from 15' },
    { about: 'holidays', from: 'the days kept in every state' },
  ],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 15,
  everyText: { wayOut: true, contact: true },
  retention: { optOut: 10, optIn: 5 },
  zones: [
    'Australia/Sydney',
    'Australia/Brisbane',
    'Australia/Adelaide',
    'Australia/Darwin',
    'Australia/Perth',
  ],
  hours: { weekdays: [9, 20], saturday: [9, 17], sunday: null, holidays: null },
  regions: {},
  holidays: [
    { month: 1, day: 1 },
    { month: 1, day: 26 },
    { easter: -2 },
    { easter: 1 },
    { month: 4, day: 25 },
    { month: 12, day: 25 },
    { month: 12, day: 26 },
  ],
  holidaysAreMoved: false,
};
