import { describe, expect, test } from 'vitest';
import { clockIn, instantIn } from './zone-time.ts';

describe('R57 a release is out at a moment of the project’s zone', () => {
  test.each([
    ['America/New_York', '2026-12-11', '00:00', '2026-12-11T05:00:00.000Z'],
    ['America/New_York', '2026-06-12', '00:00', '2026-06-12T04:00:00.000Z'],
    ['Europe/Berlin', '2026-06-12', '18:30', '2026-06-12T16:30:00.000Z'],
    ['Pacific/Auckland', '2027-01-01', '00:00', '2026-12-31T11:00:00.000Z'],
    ['Asia/Kathmandu', '2026-06-12', '00:00', '2026-06-11T18:15:00.000Z'],
    ['UTC', '2026-06-12', '00:00', '2026-06-12T00:00:00.000Z'],
    // The morning after clocks went forward, and after they went back.
    ['America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-11-01', '06:00', '2026-11-01T11:00:00.000Z'],
  ])('%s %s %s', (zone, date, time, instant) => {
    expect(instantIn(zone, date, time).toISOString()).toBe(instant);
    expect(clockIn(zone, instant)).toEqual({ date, time });
  });
});
