import { isFrenchHoliday, isUsHoliday } from './holidays.ts';
import { hours, type Hours, type HoursPack, week } from './hours-pack.ts';
import { usFederalHours, usHoursCheckedOn, usStateHours, usUnknownStateHours } from './us-windows.ts';

/** Territories whose numbers are American: federal hours, their own zones. */
const usTerritories = ['PR', 'VI', 'GU', 'MP', 'AS', 'UM'];

const us: HoursPack = {
  country: 'US',
  mainlandZones: [
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Phoenix',
    'America/Los_Angeles',
  ],
  hours: usFederalHours,
  unknownRegion: usUnknownStateHours,
  regions: new Map(usStateHours.map((row) => [row.state, row])),
  isHoliday: isUsHoliday,
  source: '47 CFR 64.1200(c)(1) and the rows of us-windows.ts',
  checkedOn: usHoursCheckedOn,
};

const frHours: Hours = { week: week(hours(8, 22), hours(8, 22), null), holidays: null };

const fr: HoursPack = {
  country: 'FR',
  mainlandZones: ['Europe/Paris'],
  hours: frHours,
  unknownRegion: frHours,
  regions: new Map(),
  isHoliday: isFrenchHoliday,
  source: 'hours for marketing texts in France as published by a messaging vendor',
  checkedOn: '2026-11-20',
};

/** As narrow as the narrowest hours we know of: for every country that nobody has looked at (R99). */
const strictestHours: Hours = { week: week(hours(10, 18), hours(10, 17), null), holidays: null };

const strictest: HoursPack = {
  country: null,
  // No zone is known without a number; a fan without any signal is treated as living where we must be most careful.
  mainlandZones: ['UTC'],
  hours: strictestHours,
  unknownRegion: strictestHours,
  regions: new Map(),
  isHoliday: () => false,
  source: 'our own: inside every hours we know of',
  checkedOn: '2026-11-20',
};

/** The texting hours of a country (ISO 3166 code); the strictest ones for a country without a pack or none at all. */
export function hoursPackFor(country: string | null): HoursPack {
  if (country === 'US' || (country !== null && usTerritories.includes(country))) return us;
  return country === 'FR' ? fr : strictest;
}
