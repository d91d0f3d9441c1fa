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

/** What axe says, and whether something is cut off. */
async function flawsOf(page: Page): Promise<string[]> {
  return [...(await findViolations(page)), ...((await isTooWide(page)) ? ['too wide'] : [])];
}

test('usage says what the month cost as a whole, by day and by flow', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/usage'));
  await page.getByRole('heading', { name: 'Nothing was sent this month' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await stage.text(phones.unknown, 'presave');
  await page.reload();
  const account = page.getByRole('region', { name: 'Texts' });
  await account
    .getByText(/^[1-9]\d* credits?$|of .* credits$/)
    .first()
    .waitFor();
  expect(await flawsOf(page)).toEqual([]);

  // R83: a limit that is used up already stops the next text.
  await account.getByRole('button', { name: 'Set a limit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Credits a month' }).fill('1');
  expect(await flawsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await account.getByText('Used up: nothing more goes out this month.').waitFor();
  await stage.text(phones.connected, 'presave');
  expect(await stage.got(phones.connected)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('R83 a flow has a budget of its own, beside that of the day', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/usage'));
  await page.getByText('None set.').waitFor();
  await page.getByRole('button', { name: 'Add a budget' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a budget' });
  await dialog.getByRole('combobox', { name: 'For' }).click();
  await page.getByRole('option', { name: /Midnight Ferry.*, each month/ }).click();
  await dialog.getByRole('textbox', { name: 'Credits a month' }).fill('1');
  expect(await flawsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('0 of 1 credits').waitFor();
  await stage.text(phones.unknown, 'presave');
  await stage.text(phones.connected, 'presave');
  expect(await stage.got(phones.unknown)).toHaveLength(1);
  expect(await stage.got(phones.connected)).toEqual([]);
  await page.reload();
  await page.getByText('1 of 1 credits').waitFor();
  await page.getByText('Used up', { exact: true }).waitFor();
  expect(await flawsOf(page)).toEqual([]);

  await page.getByRole('button', { name: /^Change the budget of Text PRESAVE.*Texts$/ }).click();
  const change = page.getByRole('dialog', { name: 'Change' });
  await change.getByRole('textbox', { name: 'Credits a month' }).fill('');
  await change.getByRole('button', { name: 'Save' }).click();
  await page.getByText('None set.').waitFor();
  expect(complaints).toEqual([]);
});

test('R80 a country has a price of its own, and takes the list’s back', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/usage'));
  const prices = page.getByRole('region', { name: 'What a text costs' });
  await prices.getByRole('button', { name: 'Change the price of a text to Germany' }).click();
  const dialog = page.getByRole('dialog', { name: 'Price of a text to Germany' });
  await dialog.getByRole('textbox', { name: 'Credits a part' }).fill('8');
  expect(await flawsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await prices.getByText('your own; 13 on the list').waitFor();
  await prices.getByRole('button', { name: 'Set a price' }).click();
  const choosing = page.getByRole('dialog', { name: 'Set a price' });
  await choosing.getByRole('combobox', { name: 'Country' }).fill('Braz');
  await page.getByRole('option', { name: 'Brazil' }).click();
  await choosing.getByRole('textbox', { name: 'Credits a part' }).fill('3');
  await choosing.getByRole('button', { name: 'Save' }).click();
  await prices.getByRole('row', { name: /^Brazil 3/ }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await prices.getByRole('button', { name: 'Change the price of a text to Germany' }).click();
  await dialog.getByRole('textbox', { name: 'Credits a part' }).fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await prices.getByText('your own; 13 on the list').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('usage fits a phone in the dark', async () => {
  const { page, at } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await page.goto(at('/usage'));
  await page.getByRole('region', { name: 'E-mails' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
});
