import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { failSaves } from '../situations/no-door-yet.ts';
import { phones } from '../situations/stage.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const rows = (page: Page) => page.getByRole('table', { name: 'Releases' }).getByRole('link');

async function expectWellMade(page: Page, complaints: readonly string[]) {
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  expect(complaints).toEqual([]);
}

const cover = () =>
  sharp({ create: { width: 600, height: 600, channels: 3, background: '#2d5d6b' } })
    .png()
    .toBuffer();

const folder = mkdtempSync(path.join(tmpdir(), 'segue-covers-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function upload(page: Page, name: string, content: Buffer) {
  const file = path.join(folder, 'cover.png');
  await writeFile(file, content);
  const chooser = page.waitForEvent('filechooser');
  await button(page, name).click();
  await (await chooser).setFiles(file);
}

test('R57 a release is entered by hand, in the artist’s time; its artwork comes and goes; it is called off', async () => {
  const { page, at, complaints } = await openDashboard(browser, { timezoneId: 'Europe/Berlin' });
  await page.goto(at('/releases'));
  await button(page, 'New release').click();
  await dialog(page).getByRole('textbox', { name: 'Title' }).fill('Paper <b>Lanterns</b> {{ fan }}');
  await dialog(page).getByRole('combobox', { name: 'Artist' }).fill('nova');
  await page.getByRole('option', { name: /^Nova Reyes/ }).click();
  await button(dialog(page), 'Add the release').click();
  // What is missing is said in the dialog, and what was typed is still there.
  const date = dialog(page).getByLabel('Release date');
  await expect.poll(() => date.getAttribute('aria-invalid')).toBe('true');
  expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  await date.fill('2027-06-12');
  await dialog(page)
    .getByRole('textbox', { name: 'Link 1' })
    .fill('https://open.spotify.com/album/1A2B3C4D5E6F7G8H9I0J1K');
  await dialog(page).getByText('Names an album on Spotify.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await button(dialog(page), 'Add the release').click();

  await heading(page, 'Paper <b>Lanterns</b> {{ fan }}').waitFor();
  // Midnight in Los Angeles is nine in the morning in Berlin.
  await page.getByText('12, 2027, 9:00 AM').waitFor();
  await page.getByText('12, 2027, 12:00 AM').waitFor();
  expect(await page.getByRole('link', { name: 'Spotify' }).getAttribute('href')).toBe(
    'https://open.spotify.com/album/1A2B3C4D5E6F7G8H9I0J1K',
  );
  await expectWellMade(page, complaints);

  await upload(page, 'Upload artwork', await cover());
  await button(page, 'Replace artwork').waitFor();
  const image = page.getByRole('region', { name: 'Artwork' }).locator('img');
  await expect
    .poll(() => image.evaluate((one) => Number(Reflect.get(one, 'naturalWidth'))))
    .toBeGreaterThan(100);
  await button(page, 'Remove artwork').click();
  await button(dialog(page), 'Remove artwork').click();
  await button(page, 'Upload artwork').waitFor();

  await button(page, 'Call off').click();
  await button(dialog(page), 'Call off').click();
  await page.getByText('called off', { exact: true }).waitFor();
  expect(await button(page, 'Edit release').count()).toBe(0);
});

test('a picture that is none, or is huge, is refused in words, and the one before stays', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await page.goto(at(`/releases/${String(stage.demo['releaseId'])}`));
  await upload(page, 'Upload artwork', await cover());
  await button(page, 'Replace artwork').waitFor();
  // Of the same name: a file that was mended is chosen again.
  await upload(page, 'Replace artwork', Buffer.from('no picture'));
  const artwork = page.getByRole('region', { name: 'Artwork' });
  await artwork.getByRole('alert').waitFor();
  // 40 MB are refused before they are sent.
  await upload(page, 'Replace artwork', Buffer.alloc(40 * 1024 * 1024));
  await artwork.getByRole('alert').filter({ hasText: 'larger than 20 MB' }).waitFor();
  expect(await artwork.locator('img').count()).toBe(1);
});

test('the date of a release is moved; the list finds it by title, by artist, or says that nothing matches', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/releases'));
  await page.getByRole('searchbox', { name: 'Search by title or artist' }).fill('ferr');
  await expect.poll(() => rows(page).allInnerTexts()).toEqual([expect.stringContaining('Midnight Ferry')]);
  await expectWellMade(page, complaints);
  await rows(page).click();
  await heading(page, 'Midnight Ferry').waitFor();
  await page.getByText('until it is out').waitFor();
  await page.getByRole('link', { name: 'Text PRESAVE → “Midnight Ferry”' }).waitFor();
  await button(page, 'Edit release').click();
  await dialog(page).getByLabel('Release date').fill('2028-02-29');
  await dialog(page).getByRole('radio', { name: 'At this time wherever each fan is' }).check();
  await button(dialog(page), 'Save').click();
  await page.getByText('29, 2028, 12:00 AM').waitFor();
  await page.getByText('wherever each fan is').waitFor();
  await page.goto(at('/releases?q=zzz'));
  await page.getByRole('heading', { name: 'Nothing matches “zzz”' }).waitFor();
});

test('R56 release day is watched: how much is done, what failed and why, and it is tried again', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const id = String(stage.demo['releaseId']);
  await stage.text(phones.connected, 'presave');
  await page.goto(at(`/releases/${id}`));
  await button(page, 'Write a text').click();
  const mine = dialog(page).getByLabel('To fans who have it in their library now');
  await mine.fill('{{ nobody }} is out');
  await button(dialog(page), 'Save').click();
  await dialog(page).getByText('There is no “nobody”.').waitFor();
  expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  await mine.fill('It is out');
  expect(await findViolations(page)).toEqual([]);
  await button(dialog(page), 'Save').click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Message on the day' }).getByText('It is out').waitFor();
  await page.getByRole('link', { name: 'Release day' }).click();
  await page.getByText('0 of 1 saved').waitFor();
  await page.getByText('waiting for their turn').waitFor();
  await expectWellMade(page, complaints);
  const { releaseAt } = await stage.api('GET', `/releases/${id}`);
  await stage.advance(Date.parse(String(releaseAt)) + 1_000 - (await stage.now()).getTime());
  await page.getByText('1 of 1 saved').waitFor();
  // A refusal of a service, as it is kept.
  await failSaves(stage);
  await page.getByText('The provider refused.').waitFor();
  await expectWellMade(page, complaints);
  await button(page, 'Try again').click();
  await page.getByText('1 save is tried again.').waitFor();
  await page.getByText('1 of 1 saved').waitFor();
  expect(await page.getByText('The provider refused.').count()).toBe(0);
});

test.each(['light', 'dark'] as const)('on a phone nothing is cut off (%s)', async (colorScheme) => {
  const { page, at, stage, complaints } = await openDashboard(browser, { ...phone, colorScheme });
  await page.goto(at('/releases'));
  await expect.poll(() => rows(page).count()).toBeGreaterThan(0);
  await expectWellMade(page, complaints);
  await page.goto(at(`/releases/${String(stage.demo['releaseId'])}`));
  await page.getByText('until it is out').waitFor();
  await expectWellMade(page, complaints);
});
