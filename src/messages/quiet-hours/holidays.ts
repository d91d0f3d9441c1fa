import type { LocalDate } from './hours-pack.ts';

/** Whether this is a federal public holiday (5 U.S.C. 6103), the day itself or the day it is observed on. */
export function isUsHoliday(date: LocalDate): boolean {
  return isUsHolidayItself(date) || isObservedFixedHoliday(date);
}

const usFixed: readonly (readonly [month: number, day: number])[] = [
  [1, 1],
  [6, 19],
  [7, 4],
  [11, 11],
  [12, 25],
];

function isUsHolidayItself({ year, month, day }: LocalDate): boolean {
  if (usFixed.some(([m, d]) => m === month && d === day)) return true;
  const weekday = weekdayOf({ year, month, day });
  const nth = Math.ceil(day / 7);
  if (weekday === 4) return month === 11 && nth === 4;
  if (weekday !== 1) return false;
  if (month === 5) return day + 7 > 31;
  return (
    ((month === 1 || month === 2) && nth === 3) || (month === 9 && nth === 1) || (month === 10 && nth === 2)
  );
}

/** A fixed holiday on Saturday is observed the Friday before, on Sunday the Monday after. */
function isObservedFixedHoliday(date: LocalDate): boolean {
  const weekday = weekdayOf(date);
  if (weekday !== 1 && weekday !== 5) return false;
  const neighbour = addDays(date, weekday === 1 ? -1 : 1);
  return usFixed.some(([m, d]) => m === neighbour.month && d === neighbour.day);
}

const frFixed: readonly (readonly [month: number, day: number])[] = [
  [1, 1],
  [5, 1],
  [5, 8],
  [7, 14],
  [8, 15],
  [11, 1],
  [11, 11],
  [12, 25],
];

/** Public holidays of France (Code du travail, L3133-1): the fixed ones and Easter Monday, Ascension, Whit Monday. */
export function isFrenchHoliday(date: LocalDate): boolean {
  if (frFixed.some(([m, d]) => m === date.month && d === date.day)) return true;
  const afterEaster = (utcDay(date) - utcDay(easterSunday(date.year))) / dayMs;
  return afterEaster === 1 || afterEaster === 39 || afterEaster === 50;
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
