import { describe, expect, test } from 'vitest';
import { packFor } from '../countries/index.ts';
import { signalsOf } from './signals.ts';
import { nextOpening } from './window.ts';
import { placeOfZip } from './zip-codes.ts';
import { offsetAt } from './zone-clock.ts';
import { loadNumberPlaces } from './zones.ts';

const locate = await loadNumberPlaces();
const consent = (zone: string | null, grantedAt: string) => ({
  id: 'c',
  channel: 'sms' as const,
  address: '+12125550123',
  perMonth: 6,
  method: 'web',
  activeAt: new Date(grantedAt),
  grantedAt: new Date(grantedAt),
  zone,
});

describe('R46 where a zip is', () => {
  test.each([
    ['10001', 'NY', ['America/New_York']],
    ['78701', 'TX', ['America/Chicago']],
    ['79901', 'TX', ['America/Chicago', 'America/Denver']],
    ['32501', 'FL', ['America/Chicago', 'America/New_York']],
    ['33101', 'FL', ['America/New_York']],
    ['83702', 'ID', ['America/Denver', 'America/Los_Angeles']],
    ['97914', 'OR', ['America/Denver', 'America/Los_Angeles']],
    ['97201-1234', 'OR', ['America/Los_Angeles']],
    ['00901', 'PR', ['America/Puerto_Rico']],
    ['00501', 'NY', ['America/New_York']],
    ['99501', 'AK', ['America/Anchorage', 'America/Adak']],
  ])('%s', (zip, region, zones) => {
    expect(placeOfZip(zip)).toEqual({ region, zones });
  });

  test.each(['', 'M5V 2T6', '1234', '00000', '34000', '123456'])('%j says nothing', (zip) => {
    expect(placeOfZip(zip)).toBeNull();
  });

  test('every prefix has a state with zones that exist', () => {
    for (let prefix = 0; prefix < 1000; prefix++) {
      const place = placeOfZip(`${String(prefix).padStart(3, '0')}01`);
      if (place === null) continue;
      expect(place.zones.length, place.region).toBeGreaterThan(0);
      for (const zone of place.zones) expect(() => offsetAt(zone, 0)).not.toThrow();
    }
  });
});

describe('R46 what is known of where a fan is', () => {
  const noon = new Date('2026-11-24T14:00Z'); // 9 in New York, 6 in Los Angeles
  const opening = (number: string, facts: Parameters<typeof signalsOf>[0], now = noon) => {
    const place = locate(number);
    const found = nextOpening({ now, signals: signalsOf(facts, place), pack: packFor(place.country) });
    return found.open ? 'open' : found.at.toISOString().slice(0, 16);
  };
  const nothing = { zip: null, consents: [] };

  test('a New York number that is registered in California waits for both', () => {
    expect(opening('+12125550123', nothing)).toBe('open');
    expect(opening('+12125550123', { ...nothing, zip: '90001' })).toBe('2026-11-24T17:00');
  });

  test('a browser counts for 30 days; what is no zone says nothing', () => {
    const honolulu = { zip: null, consents: [consent('Pacific/Honolulu', '2026-11-20T00:00Z')] };
    expect(opening('+12125550123', honolulu)).toBe('2026-11-24T18:00');
    expect(opening('+12125550123', honolulu, new Date('2026-12-21T14:00Z'))).toBe('open');
    const odd = {
      zip: null,
      consents: [consent('Mars/Olympus', '2026-11-20T00:00Z'), consent(null, '2026-11-20T00:00Z')],
    };
    expect(opening('+12125550123', odd)).toBe('open');
  });

  test('a zip beside a number of another country says nothing', () => {
    expect(opening('+4915112345678', { ...nothing, zip: '90001' })).toBe('open');
  });

  test('an area code in two zones waits for the later one', () => {
    expect(locate('+12085550123').zones.length).toBe(2);
    expect(opening('+12085550123', nothing, new Date('2026-11-24T15:30Z'))).toBe('2026-11-24T16:00');
  });
});
