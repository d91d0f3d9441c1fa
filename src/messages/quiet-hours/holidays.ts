import type { HolidayRule } from '../countries/country-pack.ts';

/** A day of some zone's calendar; `month` counts from 1. */
export interface LocalDate {
  year: number;
  month: number;
  day: number;
}

export interface HolidayCalendar {
  holidays: readonly HolidayRule[];
  /** A fixed day on Saturday is also kept the Friday before, on Sunday the Monday after. */
  holidaysAreMoved: boolean;
}

/** Whether this day is a public holiday by the rules of a country, or kept in the place of one. */
export function isHoliday({ holidays, holidaysAreMoved }: HolidayCalendar, date: LocalDate): boolean {
  if (holidays.some((rule) => fallsOn(rule, date))) return true;
  if (!holidaysAreMoved) return false;
  const weekday = weekdayOf(date);
  if (weekday !== 1 && weekday !== 5) return false;
  const neighbour = addDays(date, weekday === 1 ? -1 : 1);
  return holidays.some((rule) => 'day' in rule && fallsOn(rule, neighbour));
}

function fallsOn(rule: HolidayRule, date: LocalDate): boolean {
  if ('easter' in rule) return (utcDay(date) - utcDay(easterSunday(date.year))) / dayMs === rule.easter;
  if (rule.month !== date.month) return false;
  if ('day' in rule) return rule.day === date.day;
  if (rule.weekday !== weekdayOf(date)) return false;
  const isLast = addDays(date, 7).month !== date.month;
  return rule.nth === 5 ? isLast : rule.nth === Math.ceil(date.day / 7);
}

/** The anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8). */
export function easterSunday(year: number): LocalDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return { year, month: Math.floor(n / 31), day: (n % 31) + 1 };
}

const dayMs = 86_400_000;

/** 0 is Sunday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(utcDay(date)).getUTCDay();
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const moved = new Date(utcDay(date) + days * dayMs);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

function utcDay({ year, month, day }: LocalDate): number {
  return Date.UTC(year, month - 1, day);
}
