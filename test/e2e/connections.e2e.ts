import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, isTooWide, launchChromium } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('connections are listed with their state; one says where its provider calls and how mails fare; off and on', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/connect'));
  const list = page.getByRole('table', { name: 'Connections' });
  await list.getByRole('link', { name: 'Demo number' }).waitFor();
  await list.getByRole('link', { name: 'Demo e-mail' }).click();
  await page.getByRole('heading', { name: 'Whether mails arrive' }).waitFor();
  await page.getByText('hello@mail.example').first().waitFor();
  expect(await page.getByRole('textbox', { name: 'Webhook URL' }).inputValue()).toMatch(
    /\/webhooks\/postmark\//,
  );
  expect(await page.content()).not.toContain('sandbox-server-token');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Switched off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Ready', { exact: true }).waitFor();
});
