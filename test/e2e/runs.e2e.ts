import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const line = (page: Page) => page.getByRole('list', { name: 'What happened, in order' });

/** What axe says, and whether something is cut off. */
async function flawsOf(page: Page): Promise<string[]> {
  return [...(await findViolations(page)), ...((await isTooWide(page)) ? ['too wide'] : [])];
}

test('a run appears while the page is open, opens as a line, and is cancelled', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/runs'));
  await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /^Live$/ })
    .waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await stage.text(phones.unknown, 'presave');
  const first = page.getByRole('table', { name: 'Runs' }).getByRole('link').first();
  await first.waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await first.click();

  await line(page).getByText('Texted “presave”').waitFor();
  await line(page).getByText('It happens as soon as the fan links a service.').first().waitFor();
  await line(page).getByText('Pre-save Midnight Ferry', { exact: true }).waitFor();
  await line(page)
    .getByText(/tap to pre-save/)
    .waitFor();
  await line(page).getByText('Details').last().click();
  await line(page).getByText('The provider’s number for it').first().waitFor();
  expect(await flawsOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await line(page).getByText('It was called off.').first().waitFor();
  await page.getByRole('button', { name: 'Cancel run' }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('R53 runs are found by outcome and reason, and the address says which', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await stage.text(phones.unknown, 'presave');
  await page.goto(at('/runs?status=deferred&reason=not_connected'));
  const table = page.getByRole('table', { name: 'Runs' });
  await table.getByRole('link').first().waitFor();
  await page.goto(at('/runs?status=failed'));
  await page.getByRole('heading', { name: 'No run fits' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await table.getByRole('link').first().waitFor();
  expect(new URL(page.url()).search).toBe('');
});

test('runs and one run fit a phone in the dark', async () => {
  const { page, at, stage } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await stage.text(phones.unknown, 'presave');
  await page.goto(at('/runs'));
  const first = page.getByRole('table', { name: 'Runs' }).getByRole('link').first();
  await first.waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await first.click();
  await line(page).getByText('Texted “presave”').waitFor();
  expect(await flawsOf(page)).toEqual([]);
});

test('a run that is not there is said', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/runs/01a215c2-ff73-76ae-9931-f35796b5b27a'));
  await page.getByText('There is no such run.').waitFor();
  expect(await flawsOf(page)).toEqual([]);
});
