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

const texts = (page: Page) => page.getByRole('list', { name: 'Texts' }).getByRole('listitem');

/** What axe says, and whether something is cut off. */
async function flawsOf(page: Page): Promise<string[]> {
  return [...(await findViolations(page)), ...((await isTooWide(page)) ? ['too wide'] : [])];
}

test('R107 a text that no flow answers waits in the inbox, is done, taken back, and done', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/inbox'));
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await stage.text(phones.unknown, 'when do the doors open on saturday night?');
  await page.reload();
  const one = texts(page).filter({ hasText: 'when do the doors open' });
  await one.getByText('Matched no keyword').waitFor();
  await page.getByRole('link', { name: /^Inbox\s*1$/ }).waitFor();
  expect(await flawsOf(page)).toEqual([]);

  await one.getByRole('button', { name: 'Done' }).click();
  await one.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await one.getByRole('button', { name: 'Done' }).click();
  await one.waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'Done' }).press('Space');
  await one.waitFor();
  expect(new URL(page.url()).searchParams.get('view')).toBe('done');
  expect(complaints).toEqual([]);
});

test('R41 a sentence that may mean STOP holds all texts until a person decides', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await stage.text(phones.unknown, 'presave');
  await stage.text(phones.unknown, 'please stop texting me');
  await page.goto(at('/inbox'));
  const one = texts(page).filter({ hasText: 'please stop texting me' });
  await one.getByText('Does this fan want no more texts?').waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await one.getByRole('button', { name: 'Yes, an opt-out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'It is an opt-out' }).click();
  await one.waitFor({ state: 'detached' });
  await page.goto(at('/inbox?view=done'));
  await one.getByText(/Was an opt-out/).waitFor();
  const before = (await stage.got(phones.unknown)).length;
  await stage.text(phones.unknown, 'presave');
  expect(await stage.got(phones.unknown)).toHaveLength(before);
});

test('R127 S9 a fan from a country that is off gets no text; it is switched on where her text lies', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await stage.text('+491713920042', 'presave');
  await page.goto(at('/inbox'));
  const one = texts(page).filter({ hasText: 'presave' });
  await one.getByText('Its country is not switched on, so no text went back').waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await one.getByRole('button', { name: 'Switch on texts to Germany' }).click();
  await page.getByText('Texts may go to Germany from now on, over a number that is from there.').waitFor();
  await one.getByText('Texts may go to Germany by now, over a number that is from there.').waitFor();
  const project = await stage.api('GET', `/projects/${String(stage.demo['projectId'])}`);
  expect(project['countries']).toEqual(['US', 'DE']);
});

test('the inbox fits a phone in the dark', async () => {
  const { page, at, stage } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await stage.text(phones.unknown, 'when do the doors open on saturday night?');
  await page.goto(at('/inbox'));
  await texts(page).first().waitFor();
  expect(await flawsOf(page)).toEqual([]);
});
