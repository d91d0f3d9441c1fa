import type { CountryPack } from './country-pack.ts';

/** For every country that nobody has looked at: what no rule that we know of forbids (R99). */
export const strictest: CountryPack = {
  country: null,
  name: 'every other country',
  alsoFor: [],
  checkedOn: '2026-11-26',
  sources: [{ about: 'everything', from: 'our own: inside every pack beside this one' }],
  keywordIsConsent: false,
  formNeedsYes: true,
  minimumAge: 16,
  everyText: { wayOut: true, contact: true },
  retention: { optOut: 10, optIn: 5 },
  // A number always says more than this; without one nobody is texted.
  zones: ['UTC'],
  hours: { weekdays: [10, 18], saturday: null, sunday: null, holidays: null },
  regions: {},
  holidays: [],
  holidaysAreMoved: false,
};
