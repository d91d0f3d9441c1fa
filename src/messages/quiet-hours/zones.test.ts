import { geocoder, timezones } from 'libphonenumber-geo-carrier';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadNumberPlaces, type LocateNumber } from './zones.ts';

let locate: LocateNumber;
beforeAll(async () => {
  locate = await loadNumberPlaces();
});

describe('R46 where a number lives', () => {
  test.each([
    ['+12125550123', 'US', ['America/New_York'], 'NY'],
    ['+15125550123', 'US', ['America/Chicago'], 'TX'],
    ['+19155550123', 'US', ['America/Denver'], 'TX'],
    ['+12085550123', 'US', ['America/Boise', 'America/Los_Angeles'], 'ID'],
    ['+18505550123', 'US', ['America/New_York', 'America/Chicago'], 'FL'],
    ['+12035550123', 'US', ['America/New_York'], 'CT'],
    ['+12025550123', 'US', ['America/New_York'], 'DC'],
    ['+18085550123', 'US', ['Pacific/Honolulu'], 'HI'],
    ['+17875550123', 'PR', ['America/Puerto_Rico'], null],
    ['+14165550123', 'CA', ['America/Toronto'], null],
    ['+4915112345678', 'DE', ['Europe/Berlin'], null],
    ['+33612345678', 'FR', ['Europe/Paris'], null],
    ['+447700900123', 'GB', ['Europe/Guernsey', 'Europe/Isle_of_Man', 'Europe/London'], null],
    ['+919812345678', 'IN', ['Asia/Calcutta'], null],
    ['nonsense', null, [], null],
    ['', null, [], null],
    ['+881612345678', null, [], null],
  ])('%s', (number, country, zones, region) => {
    expect(locate(number)).toEqual({ country, zones, region });
  });

  test('a toll-free number may be in any zone of its numbering plan', () => {
    const { country, zones, region } = locate('+18005550123');
    expect({ country, region }).toEqual({ country: 'US', region: null });
    expect(zones.length).toBeGreaterThan(30);
    expect(zones).toEqual(
      expect.arrayContaining(['America/New_York', 'Pacific/Honolulu', 'America/Puerto_Rico']),
    );
  });

  test('the files read here say what the package itself says', async () => {
    for (const number of [
      '+13125550123',
      '+14805550123',
      '+13035550123',
      '+442071234567',
      '+819012345678',
      '+61412345678',
      '+5511987654321',
    ]) {
      const phone = parsePhoneNumberFromString(number);
      expect(locate(number).zones).toEqual(phone && (await timezones(phone)));
    }
    const phone = parsePhoneNumberFromString('+13055550123');
    expect(phone && (await geocoder(phone))).toContain('Florida');
    expect(locate('+13055550123').region).toBe('FL');
  });

  test('every zone is one that the platform knows', () => {
    for (const prefix of ['+1212', '+1800', '+1907', '+4470', '+7916', '+6141', '+5511', '+6799', '+9771']) {
      for (const zone of locate(`${prefix}5550123`.padEnd(12, '0')).zones) {
        expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
      }
    }
  });

  test('a small cache gives the same answers', async () => {
    const small = await loadNumberPlaces({ cacheSize: 1 });
    for (const number of ['+12125550123', '+15125550123', '+12125550199'])
      expect(small(number)).toEqual(locate(number));
  });
});
