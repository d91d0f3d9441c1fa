import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, localTime, offsetAt } from './zone-clock.ts';

const zones = [
  'America/New_York',
  'America/Phoenix',
  'America/St_Johns',
  'America/Havana',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'Europe/Dublin',
  'Africa/Casablanca',
  'UTC',
  'Asia/Tehran',
  'America/Santiago',
];
const two = (n: number) => String(n).padStart(2, '0');
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2032, 0, 1) });

test('shows what the platform shows, in every kind of zone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
      const shown = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'short',
      }).format(instant);
      const { year, month, day, minutes } = localTime(zone, instant);
      expect(`${two(day)}/${two(month)}/${year}, ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`).toBe(
        shown,
      );
    }),
    { numRuns: 1500 },
  );
});

test('an instant is found again from what its clock showed, but for the hour shown twice', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
      const minute = Math.floor(instant / 60_000) * 60_000;
      const local = localTime(zone, minute);
      const back = instantOf(zone, local, local.minutes);
      expect(localTime(zone, back)).toEqual(local);
      expect(back).toBeLessThanOrEqual(minute);
      expect(minute - back).toBeLessThanOrEqual(3_600_000);
    }),
    { numRuns: 1500 },
  );
});

test('a time that the clock leaves out lies after the jump', () => {
  const gap = instantOf('America/New_York', { year: 2027, month: 3, day: 14 }, 150);
  expect(new Date(gap).toISOString()).toBe('2027-03-14T07:30:00.000Z');
});

test('a time that the clock shows twice is the first of the two', () => {
  const twice = instantOf('America/New_York', { year: 2026, month: 11, day: 1 }, 90);
  expect(new Date(twice).toISOString()).toBe('2026-11-01T05:30:00.000Z');
});

test('an unknown zone is an error, not UTC', () => {
  expect(() => offsetAt('Mars/Olympus', 0)).toThrow(RangeError);
});
