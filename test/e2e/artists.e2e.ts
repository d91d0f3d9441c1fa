import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const button = (page: Page, name: string) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');
const rows = (page: Page) => page.getByRole('table', { name: 'Artists' }).getByRole('link');

async function expectWellMade(page: Page, complaints: readonly string[]) {
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  expect(complaints).toEqual([]);
}

test('an artist is added, linked to a service, gets a release, and is found', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/artists'));
  await button(page, 'New artist').click();
  await dialog(page).getByRole('textbox', { name: 'Name' }).fill('Luna Vale');
  await dialog(page).getByRole('button', { name: 'Add the artist' }).click();
  await page.getByRole('heading', { level: 1, name: 'Luna Vale' }).waitFor();
  await page.getByText('Without a link to a service nobody can follow').waitFor();
  await page.getByRole('heading', { name: 'No releases yet' }).waitFor();
  await expectWellMade(page, complaints);

  await button(page, 'Edit artist').click();
  const link = dialog(page).getByRole('textbox', { name: 'Link 1' });
  await link.fill('https://open.spotify.com/album/1A2B3C4D5E6F7G8H9I0J1K');
  await dialog(page).getByText('Names an album on Spotify: another link is needed here.').waitFor();
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByRole('alert').waitFor();
  await link.fill('https://open.spotify.com/artist/1A2B3C4D5E6F7G8H9I0J1K');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Spotify' }).waitFor();

  await button(page, 'New release').click();
  expect(await dialog(page).getByRole('combobox', { name: 'Artist' }).inputValue()).toBe('Luna Vale');
  await dialog(page).getByRole('textbox', { name: 'Title' }).fill('Nightglass');
  await dialog(page).getByLabel('Release date').fill('2027-06-12');
  await dialog(page).getByRole('button', { name: 'Add the release' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nightglass' }).waitFor();
  await page.getByRole('link', { name: 'Luna Vale' }).click();
  await page.getByRole('table', { name: 'Releases' }).getByRole('link', { name: 'Nightglass' }).waitFor();

  await page.goto(at('/artists'));
  await page.getByRole('searchbox', { name: 'Search artists' }).fill('luna');
  await expect.poll(() => rows(page).allInnerTexts()).toEqual(['Luna Vale']);
});

test.each(['light', 'dark'] as const)('on a phone nothing is cut off (%s)', async (colorScheme) => {
  const { page, at, stage, complaints } = await openDashboard(browser, { ...phone, colorScheme });
  await page.goto(at('/artists'));
  await expect.poll(() => rows(page).count()).toBeGreaterThan(0);
  await expectWellMade(page, complaints);
  await page.goto(at(`/artists/${String(stage.demo['artistId'])}`));
  await page.getByRole('table', { name: 'Releases' }).getByRole('link').first().waitFor();
  await expectWellMade(page, complaints);
});
