import type { CountryPack, PackHours } from './country-pack.ts';

const every = (from: number, to: number): PackHours => ({
  weekdays: [from, to],
  saturday: [from, to],
  sunday: [from, to],
});
const noSundays: PackHours = { weekdays: [8, 20], saturday: [8, 20], sunday: null, holidays: null };

const vendorTables = 'published state tables of messaging vendors';

/** The United States: federal rules, and the states that are narrower. */
export const us: CountryPack = {
  country: 'US',
  name: 'United States',
  alsoFor: ['PR', 'VI', 'GU', 'MP', 'AS', 'UM'],
  checkedOn: '2026-11-20',
  sources: [
    { about: 'consent', from: '47 CFR 64.1200(f)(9): written consent; a texted keyword is a signature' },
    { about: 'opt-out', from: '47 CFR 64.1200(a)(10), in force since 2025-04-11; ten years by Virginia law' },
    { about: 'hours', from: '47 CFR 64.1200(c)(1): 8 to 21 at the called party’s place; states as named' },
    { about: 'what texts carry', from: 'CTIA messaging principles: programme, frequency, rates, HELP, STOP' },
    { about: 'age', from: 'COPPA, 15 U.S.C. 6501: 13' },
    { about: 'holidays', from: '5 U.S.C. 6103' },
  ],
  keywordIsConsent: true,
  formNeedsYes: false,
  minimumAge: 13,
  everyText: { wayOut: false, contact: false },
  retention: { optOut: 10, optIn: 5 },
  zones: ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles'],
  hours: every(8, 21),
  // Inside every row below.
  unknownRegion: { weekdays: [10, 18], saturday: [12, 17], sunday: null, holidays: null },
  regions: {
    AL: {
      hours: noSundays,
      source: `${vendorTables}; Sunday and holidays from one table`,
      agreement: 'medium',
    },
    CA: { hours: every(9, 21), source: vendorTables, agreement: 'single' },
    CT: { hours: every(9, 20), source: vendorTables, agreement: 'good' },
    FL: { hours: every(8, 20), source: 'Fla. Stat. 501.616(6)', agreement: 'good', maxPerDay: 3 },
    IL: { hours: every(9, 21), source: `${vendorTables}; another has 8 to 21`, agreement: 'poor' },
    KY: { hours: every(10, 21), source: vendorTables, agreement: 'medium' },
    LA: {
      hours: noSundays,
      source: `${vendorTables}; Sunday and holidays from one table`,
      agreement: 'medium',
    },
    MA: { hours: every(8, 20), source: vendorTables, agreement: 'medium' },
    MD: {
      hours: every(8, 20),
      source: 'Maryland Stop the Spam Calls Act of 2023',
      agreement: 'good',
      maxPerDay: 3,
    },
    MI: { hours: every(9, 21), source: vendorTables, agreement: 'single' },
    MN: { hours: every(9, 21), source: vendorTables, agreement: 'single' },
    MS: {
      hours: noSundays,
      source: `${vendorTables}; Sunday and holidays from one table`,
      agreement: 'medium',
    },
    NJ: { hours: every(8, 20), source: `${vendorTables}; absent in others`, agreement: 'poor' },
    NM: { hours: every(9, 21), source: vendorTables, agreement: 'single' },
    NV: { hours: every(9, 20), source: vendorTables, agreement: 'single' },
    OK: {
      hours: every(8, 20),
      source: 'Oklahoma Telephone Solicitation Act of 2022',
      agreement: 'good',
      maxPerDay: 3,
    },
    PA: {
      hours: { weekdays: [8, 21], saturday: [12, 17], sunday: [12, 17] },
      source: `${vendorTables}; one limits weekends without saying how, so they are kept short`,
      agreement: 'poor',
    },
    RI: {
      hours: { weekdays: [9, 18], saturday: [10, 17], sunday: [10, 17] },
      source: vendorTables,
      agreement: 'medium',
    },
    TX: {
      hours: { weekdays: [9, 21], saturday: [9, 21], sunday: [12, 21] },
      source: 'Texas SB 140, since 2025-09-01',
      agreement: 'good',
    },
    WA: { hours: every(8, 20), source: vendorTables, agreement: 'single' },
  },
  holidays: [
    { month: 1, day: 1 },
    { month: 1, weekday: 1, nth: 3 },
    { month: 2, weekday: 1, nth: 3 },
    { month: 5, weekday: 1, nth: 5 },
    { month: 6, day: 19 },
    { month: 7, day: 4 },
    { month: 9, weekday: 1, nth: 1 },
    { month: 10, weekday: 1, nth: 2 },
    { month: 11, day: 11 },
    { month: 11, weekday: 4, nth: 4 },
    { month: 12, day: 25 },
  ],
  holidaysAreMoved: true,
};
