import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('R125 what is needed is seen, noted and copied; R104 the live project is made, and has no fans', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/connect'));
  await page.getByRole('link', { name: 'Go live' }).click();
  const texts = page.getByRole('region', { name: 'Texts' });
  // Noted by the server, and ticked when it has answered.
  await texts.getByRole('checkbox', { name: 'The campaign is registered' }).click();
  await texts.getByRole('checkbox', { name: 'The campaign is registered', checked: true }).waitFor();
  await texts.getByText('What to enter there').first().click();
  expect(await texts.getByRole('textbox', { name: 'Answer to STOP' }).inputValue()).toContain('unsubscribed');
  expect(await findViolations(page)).toEqual([]);
  await page.setViewportSize(phone.viewport);
  expect([await findViolations(page), await isTooWide(page)]).toEqual([[], false]);

  await page.getByRole('button', { name: 'Make the live project' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the live project' }).click();
  await page.getByRole('link', { name: 'Open the live project' }).click();
  await page.waitForURL(/@nova-reyes-/);
  const root = /.*\/@[a-z0-9-]+/.exec(page.url())?.[0] ?? '';
  await page.goto(`${root}/fans`);
  await page.getByRole('heading', { name: 'No fans yet' }).waitFor();
  await page.goto(`${root}/connect/go-live`);
  // What was done at the provider goes along.
  await page.getByRole('checkbox', { name: 'The campaign is registered', checked: true }).waitFor();
  expect(complaints).toEqual([]);
});
