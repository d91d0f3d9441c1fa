import type { CountryPack } from './country-pack.ts';

export const es: CountryPack = {
  country: 'ES',
  name: 'Spain',
  alsoFor: [],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'Ley 34/2002 (LSSI), art. 21' },
    {
      about: 'what texts carry',
      from: 'LSSI art. 20 and 21.2: sender clear, a simple and free way out each time',
    },
    {
      about: 'hours',
      from: 'RDL 1/2007, art. 96.2: calls 9 to 21, not at weekends or on holidays; texts are kept inside them by our reading',
    },
    { about: 'age', from: 'Ley Orgánica 3/2018, art. 7: 14' },
    { about: 'holidays', from: 'Estatuto de los Trabajadores, art. 37.2: the days kept in all of Spain' },
  ],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 14,
  everyText: { wayOut: true, contact: false },
  retention: { optOut: 10, optIn: 5 },
  zones: ['Europe/Madrid', 'Atlantic/Canary'],
  hours: { weekdays: [9, 21], saturday: null, sunday: null, holidays: null },
  regions: {},
  holidays: [
    { month: 1, day: 1 },
    { month: 1, day: 6 },
    { easter: -2 },
    { month: 5, day: 1 },
    { month: 8, day: 15 },
    { month: 10, day: 12 },
    { month: 11, day: 1 },
    { month: 12, day: 6 },
    { month: 12, day: 8 },
    { month: 12, day: 25 },
  ],
  holidaysAreMoved: false,
};
