import type { CountryPack } from './country-pack.ts';

export const ca: CountryPack = {
  country: 'CA',
  name: 'Canada',
  alsoFor: [],
  checkedOn: '2026-11-26',
  sources: [
    { about: 'consent', from: 'CASL (S.C. 2010, c. 23), s. 6 and 10: express consent, sender identified' },
    {
      about: 'what texts carry',
      from: 'CASL s. 6(2), SOR/2012-36 s. 2: who sends, how to reach them, a way out',
    },
    {
      about: 'hours',
      from: 'CRTC Unsolicited Telecommunications Rules, part III: calls 9 to 21:30, weekends 10 to 18; texts are kept inside them by our reading',
    },
    { about: 'age', from: 'Office of the Privacy Commissioner: below 13 a parent consents' },
  ],
  keywordIsConsent: true,
  formNeedsYes: true,
  minimumAge: 13,
  everyText: { wayOut: true, contact: true },
  retention: { optOut: 10, optIn: 5 },
  zones: [
    'America/St_Johns',
    'America/Halifax',
    'America/Toronto',
    'America/Winnipeg',
    'America/Regina',
    'America/Edmonton',
    'America/Vancouver',
  ],
  hours: { weekdays: [9, 21], saturday: [10, 18], sunday: [10, 18] },
  regions: {},
  holidays: [],
  holidaysAreMoved: false,
};
