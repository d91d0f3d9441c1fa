import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('a segment is made, refuses a name that is taken, is renamed, found and deleted', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/segments'));
  await page.getByRole('link', { name: 'New Fans' }).waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'New segment' }).click();
  const dialog = page.getByRole('dialog', { name: 'New segment' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('New Fans');
  await dialog.getByRole('button', { name: 'Make the segment' }).click();
  await dialog.getByText('There is a segment of that name.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('<i>Front row</i>');
  await dialog.getByRole('button', { name: 'Make the segment' }).click();
  await page.getByRole('heading', { level: 1, name: '<i>Front row</i>' }).waitFor();
  await page.getByRole('heading', { name: 'Nobody is in it yet' }).waitFor();

  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Front row');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Front row', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Segments', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search segments' }).fill('front');
  await page.getByRole('link', { name: 'New Fans' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Front row' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: 'Delete “Front row”?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“Front row” was deleted.').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
  await page.getByRole('link', { name: 'Front row' }).waitFor({ state: 'detached' });
  // The refused name was answered with 422, which the browser notes too.
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
});

test('a fan is taken out of a segment and put back; a segment that a flow fills is kept, and says which flow', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await stage.text(phones.connected, 'presave');
  await page.goto(at('/segments'));
  await page.getByRole('link', { name: 'New Fans' }).click();
  const fans = page.getByRole('table', { name: 'Fans of this segment' });
  await fans.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await fans.getByRole('button', { name: 'Take out Ines Halloran' }).click();
  await fans.getByRole('link', { name: 'Ines Halloran' }).waitFor({ state: 'detached' });
  await page.getByRole('alert').getByRole('button', { name: 'Put back' }).click();
  await fans.getByRole('link', { name: 'Ines Halloran' }).waitFor();

  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: 'Delete “New Fans”?' });
  await question.getByRole('button', { name: 'Delete' }).click();
  await question.getByText(/adds fans to “New Fans”/).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await question.getByRole('button', { name: /^Open the flow/ }).click();
  await page.getByRole('heading', { level: 1, name: /PRESAVE/ }).waitFor();
  await question.waitFor({ state: 'hidden' });
});

test('what no segment is called is said; on a phone in the dark they fit the screen', async () => {
  const { page, at, stage } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await page.goto(at('/segments'));
  await page.getByRole('link', { name: 'New Fans' }).waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('searchbox').fill('nothing like it');
  await page.getByRole('heading', { name: 'Nothing matches “nothing like it”' }).waitFor();
  const { items } = await stage.api('GET', '/segments');
  await page.goto(at(`/segments/${items[0].id}`));
  await page.getByRole('heading', { level: 1, name: 'New Fans' }).waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
});
