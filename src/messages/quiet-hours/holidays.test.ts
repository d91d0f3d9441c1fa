import { expect, test } from 'vitest';
import { packFor } from '../countries/index.ts';
import { addDays, easterSunday, isHoliday, weekdayOf } from './holidays.ts';

const date = (iso: string) => {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  return { year, month, day };
};
const daysOf = (year: number) =>
  Array.from({ length: 366 }, (_, i) => addDays({ year, month: 1, day: 1 }, i)).filter(
    (d) => d.year === year,
  );
const list = (year: number, country: string) =>
  daysOf(year)
    .filter((day) => isHoliday(packFor(country), day))
    .map((d) => `${d.month}/${d.day}`)
    .join(' ');

test('federal holidays as the Office of Personnel Management lists them', () => {
  expect(list(2026, 'US')).toBe('1/1 1/19 2/16 5/25 6/19 7/3 7/4 9/7 10/12 11/11 11/26 12/25');
  expect(list(2027, 'US')).toBe(
    '1/1 1/18 2/15 5/31 6/18 6/19 7/4 7/5 9/6 10/11 11/11 11/25 12/24 12/25 12/31',
  );
});

test.each([
  ['DE', '1/1 4/3 4/6 5/1 5/14 5/25 10/3 12/25 12/26'],
  ['ES', '1/1 1/6 4/3 5/1 8/15 10/12 11/1 12/6 12/8 12/25'],
  ['NL', '1/1 4/3 4/6 4/27 5/5 5/14 5/25 12/25 12/26'],
  ['AU', '1/1 1/26 4/3 4/6 4/25 12/25 12/26'],
])('holidays of %s in 2026', (country, days) => {
  expect(list(2026, country)).toBe(days);
});

test('French holidays', () => {
  expect(list(2026, 'FR')).toBe('1/1 4/6 5/1 5/8 5/14 5/25 7/14 8/15 11/1 11/11 12/25');
});

test.each([
  ['2024', '2024-03-31'],
  ['2025', '2025-04-20'],
  ['2026', '2026-04-05'],
  ['2038', '2038-04-25'],
])('Easter %s', (year, sunday) => {
  expect(easterSunday(Number(year))).toEqual(date(sunday));
  expect(weekdayOf(date(sunday))).toBe(0);
});

test('days are counted over the ends of months and years', () => {
  expect(addDays(date('2028-02-28'), 1)).toEqual(date('2028-02-29'));
  expect(addDays(date('2027-01-01'), -1)).toEqual(date('2026-12-31'));
});
