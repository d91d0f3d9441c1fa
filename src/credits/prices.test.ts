import { expect, test } from 'vitest';
import { countParts } from '#messages/parts.ts';
import { smsCredits } from './prices.ts';

test('R80 R81 a hundred fans and one domestic part each are a hundred credits; a part or a border more costs more', () => {
  const hundred = (body: string, country: string) => 100 * smsCredits({}, country, countParts(body).parts);
  expect(hundred('a'.repeat(160), 'US')).toBe(100);
  expect(hundred('a'.repeat(161), 'US')).toBe(200);
  expect(hundred('a'.repeat(160), 'DE')).toBeGreaterThan(1_000);
  expect(smsCredits({}, null, 1)).toBeGreaterThanOrEqual(smsCredits({}, 'DE', 1));
  expect(smsCredits({ DE: 4 }, 'DE', 2)).toBe(8);
});
