import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, week, type HoursPack, type OpenHours } from './hours-pack.ts';
import { hoursPackFor } from './packs.ts';
import { spread, spreadMs } from './spread.ts';
import { usStateCodes } from './us-states.ts';
import { usStateHours, usUnknownStateHours } from './us-windows.ts';
import { nextOpening, type PlaceSignal } from './window.ts';
import { localTime } from './zone-clock.ts';

const us = hoursPackFor('US');
const isWithin = (inner: OpenHours, outer: OpenHours) =>
  outer.from <= inner.from && inner.from < inner.to && inner.to <= outer.to;
const signal = (
  zone: string | string[],
  region: string | null = 'NY',
  more: Partial<PlaceSignal> = {},
): PlaceSignal => ({
  source: 'number',
  zones: typeof zone === 'string' ? [zone] : zone,
  region,
  seenAt: new Date('2026-11-01T00:00:00Z'),
  ...more,
});
const ask = (now: string, signals: PlaceSignal[], pack: HoursPack = us) => {
  const opening = nextOpening({ now: new Date(now), signals, pack });
  return opening.open ? 'open' : opening.at.toISOString().slice(0, 16);
};
const newYork = signal('America/New_York');

describe('R46 one signal', () => {
  test.each([
    ['S7 S8 2 am waits until 8', '2026-11-24T07:00Z', newYork, '2026-11-24T13:00'],
    ['just before 8', '2026-11-24T12:59:59.999Z', newYork, '2026-11-24T13:00'],
    ['8 sharp', '2026-11-24T13:00Z', newYork, 'open'],
    ['just before 9 pm', '2026-11-25T01:59:59.999Z', newYork, 'open'],
    ['9 pm sharp', '2026-11-25T02:00Z', newYork, '2026-11-25T13:00'],
    ['the night the clocks go forward', '2027-03-14T04:00Z', newYork, '2027-03-14T12:00'],
    ['the night the clocks go back', '2026-11-01T04:00Z', newYork, '2026-11-01T13:00'],
    ['Texas on Sunday', '2026-11-22T15:00Z', signal('America/Chicago', 'TX'), '2026-11-22T18:00'],
    ['Texas on Monday', '2026-11-23T14:00Z', signal('America/Chicago', 'TX'), '2026-11-23T15:00'],
    [
      'Louisiana after Saturday evening',
      '2026-11-22T02:30Z',
      signal('America/Chicago', 'LA'),
      '2026-11-23T14:00',
    ],
    ['Alabama on Thanksgiving', '2026-11-26T16:00Z', signal('America/Chicago', 'AL'), '2026-11-27T14:00'],
    ['New York on Thanksgiving', '2026-11-26T16:00Z', newYork, 'open'],
    [
      'a US number of no known state',
      '2026-11-24T14:00Z',
      signal('America/New_York', null),
      '2026-11-24T15:00',
    ],
    ['Hawaii', '2026-11-24T17:00Z', signal('Pacific/Honolulu', 'HI'), '2026-11-24T18:00'],
  ])('%s', (_name, now, at, expected) => {
    expect(ask(now, [at])).toBe(expected);
  });

  test.each([
    ['half-hour zone', 'Asia/Kolkata', '2026-11-24T04:00Z', '2026-11-24T04:30'],
    ['quarter-hour zone', 'Asia/Kathmandu', '2026-11-24T04:00Z', '2026-11-24T04:15'],
    ['first zone of the day', 'Pacific/Kiritimati', '2026-11-23T19:00Z', '2026-11-23T20:00'],
    [
      'no Sundays, seen from the other side of the date line',
      'Pacific/Kiritimati',
      '2026-11-21T10:00Z',
      '2026-11-22T20:00',
    ],
  ])('%s', (_name, zone, now, expected) => {
    expect(ask(now, [signal(zone, null)], hoursPackFor('KI'))).toBe(expected);
  });

  test('France: none on Sundays and holidays', () => {
    const paris = signal('Europe/Paris', null);
    expect(ask('2026-12-24T21:30Z', [paris], hoursPackFor('FR'))).toBe('2026-12-26T07:00');
    expect(ask('2026-11-22T12:00Z', [paris], hoursPackFor('FR'))).toBe('2026-11-23T07:00');
  });
});

describe('R46 several signals and zones', () => {
  test('open only when open in all zones of a number', () => {
    const idaho = signal(['America/Boise', 'America/Los_Angeles'], 'ID');
    expect(ask('2026-11-24T15:30Z', [idaho])).toBe('2026-11-24T16:00');
    expect(ask('2026-11-25T04:30Z', [idaho])).toBe('2026-11-25T16:00');
  });

  test('the intersection of number and address', () => {
    const signals = [newYork, signal('America/Los_Angeles', 'CA', { source: 'address' })];
    expect(ask('2026-11-24T14:00Z', signals)).toBe('2026-11-24T17:00');
    expect(ask('2026-11-24T20:00Z', signals)).toBe('open');
    expect(ask('2026-11-25T02:00Z', signals)).toBe('2026-11-25T17:00');
  });

  test('a browser zone counts for 30 days', () => {
    const browser = signal('America/Los_Angeles', 'CA', {
      source: 'browser',
      seenAt: new Date('2026-11-01T00:00:00Z'),
    });
    expect(ask('2026-11-24T14:00Z', [newYork, browser])).toBe('2026-11-24T17:00');
    expect(ask('2026-12-02T14:00Z', [newYork, browser])).toBe('open');
  });

  test('nothing in common: the newest signal from 12 to 18', () => {
    const tokyo = signal('Asia/Tokyo', null, { source: 'address', seenAt: new Date('2026-11-20T00:00:00Z') });
    const rhodeIsland = signal('America/New_York', 'RI', { seenAt: new Date('2026-11-10T00:00:00Z') });
    expect(ask('2026-11-24T17:30Z', [rhodeIsland, tokyo])).toBe('2026-11-25T03:00');
    expect(ask('2026-11-25T03:00Z', [rhodeIsland, tokyo])).toBe('open');
    expect(ask('2026-11-25T09:00Z', [rhodeIsland, tokyo])).toBe('2026-11-27T03:00'); // the 26th is Thanksgiving
  });

  test('nothing in common until the clocks change: no moment is promised that is not open when it comes', () => {
    const signals = [
      signal(['America/Los_Angeles', 'America/New_York'], 'NJ'),
      signal(['Asia/Kolkata', 'America/New_York'], 'PA'),
    ];
    const promised = ask('2027-03-02T23:00Z', signals);
    expect(ask(promised + 'Z', signals)).toBe('open');
  });

  test('no signal: the mainland at its most careful', () => {
    expect(ask('2026-11-24T15:00Z', [])).toBe('2026-11-24T18:00');
    expect(ask('2026-11-24T18:00Z', [])).toBe('open');
    expect(ask('2026-11-24T23:00Z', [])).toBe('2026-11-25T18:00');
    expect(ask('2026-11-24T15:00Z', [signal([])])).toBe('2026-11-24T18:00');
  });

  test('zones of one number that have nothing in common fall back to the mainland at noon', () => {
    const anywhere = signal(
      ['Pacific/Guam', 'America/New_York', 'Pacific/Honolulu', 'America/Puerto_Rico'],
      null,
    );
    expect(ask('2026-11-24T15:00Z', [anywhere])).toBe('2026-11-24T20:00');
  });
});

const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Phoenix',
  'America/Los_Angeles',
  'Pacific/Honolulu',
  'America/Anchorage',
  'America/St_Johns',
  'Asia/Kolkata',
  'Pacific/Guam',
];
const someSignal = fc
  .record({
    zones: fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 3 }),
    region: fc.constantFrom(null, ...usStateCodes),
    seenAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
  })
  .map((made): PlaceSignal => ({ source: 'number', ...made }));
const someInstant = fc.date({
  min: new Date('2026-01-01'),
  max: new Date('2028-01-01'),
  noInvalidDate: true,
});

test('R46 the promised moment is itself open, never before 8 or after 21 anywhere that was asked, and nothing before it is', () => {
  fc.assert(
    fc.property(
      fc.array(someSignal, { maxLength: 3 }),
      someInstant,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (signals, now, share) => {
        const opening = nextOpening({ now, signals, pack: us });
        if (opening.open) return;
        expect(opening.at.getTime()).toBeGreaterThan(now.getTime());
        expect(opening.until.getTime()).toBeGreaterThan(opening.at.getTime());
        expect(nextOpening({ now: opening.at, signals, pack: us })).toEqual({ open: true });
        expect(nextOpening({ now: new Date(opening.until.getTime() - 1), signals, pack: us })).toEqual({
          open: true,
        });
        const between = new Date(
          now.getTime() + Math.floor((opening.at.getTime() - now.getTime() - 1) * share),
        );
        expect(nextOpening({ now: between, signals, pack: us })).toMatchObject({
          open: false,
          at: opening.at,
        });
      },
    ),
    { numRuns: 1000 },
  );
});

test('R46 open means: in the federal hours of one signal at least, and of every zone of a single signal', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...usStateCodes),
      someInstant,
      (zone, region, now) => {
        const opening = nextOpening({ now, signals: [signal(zone, region)], pack: us });
        const { minutes } = localTime(zone, opening.open ? now.getTime() : opening.at.getTime());
        expect(minutes).toBeGreaterThanOrEqual(8 * 60);
        expect(minutes).toBeLessThan(21 * 60);
      },
    ),
    { numRuns: 1000 },
  );
});

test('R99 an unknown state is treated as the strictest one, and every row is a state inside the federal hours', () => {
  for (const row of usStateHours) {
    expect(usStateCodes).toContain(row.state);
    expect(row.week.every((open) => open === null || isWithin(open, hours(8, 21)))).toBe(true);
    const isCareful = usUnknownStateHours.week.every((careful, day) => {
      const open = row.week[day] ?? null;
      return careful === null || (open !== null && isWithin(careful, open));
    });
    expect([row.state, isCareful]).toEqual([row.state, true]);
  }
  expect(new Set(usStateHours.map((row) => row.state)).size).toBe(usStateHours.length);
  expect(hoursPackFor('PR')).toBe(us);
  expect(hoursPackFor('ZZ')).toBe(hoursPackFor(null));
});

test('a pack that is never open is an error, not an endless wait', () => {
  const never: HoursPack = {
    ...us,
    unknownRegion: { week: week(hours(8, 9), null, null), holidays: null },
    mainlandZones: ['UTC', 'Asia/Tokyo'],
  };
  expect(() => nextOpening({ now: new Date('2026-11-24T00:00Z'), signals: [], pack: never })).toThrow(
    'never open',
  );
});

test('fast enough to ask for every text', () => {
  const now = new Date('2026-11-24T07:00Z').getTime();
  const startedAt = performance.now();
  for (let i = 0; i < 20_000; i++)
    nextOpening({ now: new Date(now + i * 1000), signals: [newYork], pack: us });
  expect(performance.now() - startedAt).toBeLessThan(4000);
});

describe('R47 spread', () => {
  const at = new Date('2026-11-24T13:00:00Z');

  test('is the same for the same fan, within ten minutes, inside the window', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 3_600_000 }), (seed, roomMs) => {
        const until = new Date(at.getTime() + roomMs);
        const moved = spread(at, seed, until);
        expect(spread(at, seed, until)).toEqual(moved);
        expect(moved.getTime()).toBeGreaterThanOrEqual(at.getTime());
        expect(moved.getTime()).toBeLessThan(Math.min(until.getTime(), at.getTime() + spreadMs));
      }),
      { numRuns: 1000 },
    );
  });

  test('spreads a thousand fans evenly', () => {
    const minutes = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 1000; i++) {
      const minute = Math.floor((spread(at, `fan-${i}`).getTime() - at.getTime()) / 60_000);
      minutes[minute] = (minutes[minute] ?? 0) + 1;
    }
    expect(Math.min(...minutes)).toBeGreaterThan(60);
    expect(Math.max(...minutes)).toBeLessThan(140);
  });
});
