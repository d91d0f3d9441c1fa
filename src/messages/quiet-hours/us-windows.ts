import { type Hours, hours, type OpenHours, type Week, week } from './hours-pack.ts';

/**
 * Texting hours of the United States, local time, each the narrowest that a source names. Looked
 * at on 2026-11-20; an engineering reading of published tables (most state tables come from
 * messaging vendors and law firms, few from the statute itself), not legal advice.
 *
 * `agreement` says how far the tables agree: `good`: all of them; `medium`: most; `single`: one
 * table alone; `poor`: another table contradicts or knows no such rule. The narrower one counts.
 */
export const usHoursCheckedOn = '2026-11-20';

export interface StateHours extends Hours {
  state: string;
  source: string;
  agreement: 'good' | 'medium' | 'single' | 'poor';
  /** Most marketing texts to one fan in 24 hours on one subject. */
  maxPerDay?: number;
}

/** 47 CFR 64.1200(c)(1): 8 a.m. to 9 p.m. at the called party's location. */
export const usFederalHours: Hours = { week: week(hours(8, 21)) };

/** Inside every row below: what is safe while the state is unknown. */
export const usUnknownStateHours: Hours = { week: week(hours(10, 18), hours(12, 17), null), holidays: null };

const vendorTables = 'published state tables of messaging vendors';
const noSundays = { week: week(hours(8, 20), hours(8, 20), null), holidays: null };

export const usStateHours: readonly StateHours[] = [
  row('FL', week(hours(8, 20)), 'Fla. Stat. 501.616(6)', 'good', { maxPerDay: 3 }),
  row('OK', week(hours(8, 20)), 'Oklahoma Telephone Solicitation Act of 2022', 'good', { maxPerDay: 3 }),
  row('MD', week(hours(8, 20)), 'Maryland Stop the Spam Calls Act of 2023', 'good', { maxPerDay: 3 }),
  row('MA', week(hours(8, 20)), vendorTables, 'medium'),
  row('AL', noSundays.week, `${vendorTables}; Sunday and holidays from one table`, 'medium', noSundays),
  row('LA', noSundays.week, `${vendorTables}; Sunday and holidays from one table`, 'medium', noSundays),
  row('MS', noSundays.week, `${vendorTables}; Sunday and holidays from one table`, 'medium', noSundays),
  row('CT', week(hours(9, 20)), vendorTables, 'good'),
  row('NJ', week(hours(8, 20)), `${vendorTables}; absent in others`, 'poor'),
  row('TX', week(hours(9, 21), hours(9, 21), hours(12, 21)), 'Texas SB 140, since 2025-09-01', 'good'),
  row('RI', week(hours(9, 18), hours(10, 17)), vendorTables, 'medium'),
  row('KY', week(hours(10, 21)), vendorTables, 'medium'),
  row('WA', week(hours(8, 20)), vendorTables, 'single'),
  row('CA', week(hours(9, 21)), vendorTables, 'single'),
  row('IL', week(hours(9, 21)), `${vendorTables}; another has 8 to 21`, 'poor'),
  row('MI', week(hours(9, 21)), vendorTables, 'single'),
  row('MN', week(hours(9, 21)), vendorTables, 'single'),
  row('NM', week(hours(9, 21)), vendorTables, 'single'),
  row('NV', week(hours(9, 20)), vendorTables, 'single'),
  row(
    'PA',
    week(hours(8, 21), hours(12, 17)),
    `${vendorTables}; one limits weekends without saying how, so they are kept short`,
    'poor',
  ),
];

function row(
  state: string,
  stateWeek: Week,
  source: string,
  agreement: StateHours['agreement'],
  more: { maxPerDay?: number; holidays?: OpenHours | null } = {},
): StateHours {
  return {
    state,
    week: stateWeek,
    source,
    agreement,
    ...('holidays' in more ? { holidays: more.holidays ?? null } : {}),
    ...(more.maxPerDay === undefined ? {} : { maxPerDay: more.maxPerDay }),
  };
}
