import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countryPacks, packFor } from '../countries/index.ts';
import { weekdayOf } from './holidays.ts';
import { spread, spreadMs } from './spread.ts';
import { usStateCodes } from './us-states.ts';
import { nextOpening, type HoursPack, type PlaceSignal } from './window.ts';
import { localTime } from './zone-clock.ts';

const us = packFor('US');
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
    expect(ask(now, [signal(zone, null)], packFor('KI'))).toBe(expected);
  });

  test('France: none on Sundays and holidays', () => {
    const paris = signal('Europe/Paris', null);
    expect(ask('2026-12-24T21:30Z', [paris], packFor('FR'))).toBe('2026-12-26T07:00');
    expect(ask('2026-11-22T12:00Z', [paris], packFor('FR'))).toBe('2026-11-23T07:00');
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

  test('what is promised minds that a browser will be forgotten before', () => {
    const browser = signal('Asia/Kathmandu', null, {
      source: 'browser',
      seenAt: new Date('2026-10-25T14:00Z'),
    });
    // Until 14:00 UTC of the 24th only the browser is known; after that nothing is.
    expect(ask('2026-11-24T13:00Z', [browser])).toBe('2026-11-24T18:00');
    expect(ask('2026-11-24T05:00Z', [browser])).toBe('open');
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
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Guam',
  'Europe/Paris',
];
const someSignal = fc
  .record({
    zones: fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 3 }),
    region: fc.constantFrom(null, ...usStateCodes),
    source: fc.constantFrom<PlaceSignal['source'][]>('number', 'address', 'browser'),
    seenAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
  })
  .map((made): PlaceSignal => made);
const someInstant = fc.date({
  min: new Date('2026-01-01'),
  max: new Date('2028-01-01'),
  noInvalidDate: true,
});
const somePack = fc.constantFrom(...countryPacks, packFor(null));

test('R46 R47 the promised moment is itself open until it closes, and nothing before it is: 10,000 fans in every country', () => {
  fc.assert(
    fc.property(
      fc.array(someSignal, { maxLength: 3 }),
      somePack,
      someInstant,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (signals, pack, now, share) => {
        const opening = nextOpening({ now, signals, pack });
        if (opening.open) return;
        const at = opening.at.getTime();
        const isOpen = (instant: number) => nextOpening({ now: new Date(instant), signals, pack }).open;
        const between = new Date(now.getTime() + Math.floor((at - now.getTime() - 1) * share));
        const seen = nextOpening({ now: between, signals, pack });
        const found = {
          isAhead: now.getTime() < at && at < opening.until.getTime(),
          isOpen: isOpen(at) && isOpen(opening.until.getTime() - 1),
          before: seen.open ? null : seen.at.getTime(),
        };
        expect(found).toEqual({ isAhead: true, isOpen: true, before: at });
      },
    ),
    { numRuns: 10_000 },
  );
});

test('R46 what is open is open in the zone of the fan, by the hours of her state and country: 10,000 cases', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(null, ...usStateCodes),
      somePack,
      someInstant,
      (zone, region, pack, now) => {
        const opening = nextOpening({ now, signals: [signal(zone, region)], pack });
        const local = localTime(zone, opening.open ? now.getTime() : opening.at.getTime());
        const weekday = weekdayOf(local);
        const own = region === null ? undefined : pack.regions[region]?.hours;
        const hours = own ?? (region === null ? (pack.unknownRegion ?? pack.hours) : pack.hours);
        const day = weekday === 0 ? hours.sunday : weekday === 6 ? hours.saturday : hours.weekdays;
        const isOpen = day !== null && day[0] * 60 <= local.minutes && local.minutes < day[1] * 60;
        expect([pack.name, weekday, local.minutes, isOpen]).toEqual([
          pack.name,
          weekday,
          local.minutes,
          true,
        ]);
      },
    ),
    { numRuns: 10_000 },
  );
});

test('a pack that is never open is an error, not an endless wait', () => {
  const never: HoursPack = {
    ...us,
    unknownRegion: { weekdays: [8, 9], saturday: null, sunday: null, holidays: null },
    zones: ['UTC', 'Asia/Tokyo'],
  };
  expect(() => nextOpening({ now: new Date('2026-11-24T00:00Z'), signals: [], pack: never })).toThrow(
    'never open',
  );
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
      { numRuns: 10_000 },
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
