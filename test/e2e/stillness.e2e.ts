import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchChromium, phone, shiftOf } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const places = [
  '',
  '/flows',
  '/runs',
  '/fans',
  '/segments',
  '/releases',
  '/artists',
  '/inbox',
  '/connect',
  '/pages',
  '/usage',
  '/settings',
];
const placesOfPhone = ['', '/flows', '/runs', '/usage'];
/** Below what an eye sees: a line of the header that moves by a few pixels. */
const seen = 0.005;

test('nothing moves while a page loads, at a desk and on a phone', async () => {
  const { page, at } = await openDashboard(browser);
  const moved: string[] = [];
  const measure = async (place: string, where: string) => {
    await page.goto(at(place), { waitUntil: 'commit' });
    await page.locator('main h1').first().waitFor();
    const shift = await shiftOf(page);
    if (shift.sum > seen) moved.push(`${place || '/'} ${where}: ${shift.sum}: ${shift.moved.join(' ')}`);
  };
  for (const place of places) await measure(place, 'at a desk');
  await page.setViewportSize(phone.viewport);
  for (const place of placesOfPhone) await measure(place, 'on a phone');
  expect(moved).toEqual([]);
});
