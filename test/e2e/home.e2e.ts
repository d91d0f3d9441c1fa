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

test('home counts what happened, and what a fan does just now stands there without a reload', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/'));
  await page.getByRole('heading', { level: 1, name: 'Nova Reyes' }).waitFor();
  const happened = page.getByRole('region', { name: 'What happened' });
  await happened.getByText('in the last seven days').waitFor();
  const needs = page.getByRole('region', { name: 'What needs you' });
  await needs.getByText('Nothing needs you.').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByText('None yet. One begins when a fan does what starts a flow.').waitFor();
  await stage.text(phones.unknown, 'presave');
  const latest = page.getByRole('table', { name: 'Latest runs' });
  await latest.getByRole('row', { name: /\+1 303 555 0142.*PRESAVE/ }).waitFor();
  await happened.getByRole('link', { name: '1 text from fans' }).waitFor();
  await happened.getByText('Promised').waitFor();
  await happened.getByRole('link', { name: '1 run of a flow' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await happened.getByRole('link', { name: /new fans?$/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Fans' }).waitFor();
  expect(complaints).toEqual([]);
});

test('R41 R55 home says what needs a person and leads there, and how long it is until the next release', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await stage.text(phones.connected, 'presave');
  await stage.text(phones.unknown, 'please stop sending me these');
  await stage.text(phones.unknown, 'love the new one so much, see you in Denver');
  await page.goto(at('/'));
  const release = page.getByRole('complementary', { name: 'Next release' });
  await release.getByRole('heading', { name: 'Midnight Ferry' }).waitFor();
  await release.getByText(/^1[01] days/).waitFor();
  await release.getByText(/\d+ pre-saves? on Spotify/).waitFor();

  const needs = page.getByRole('list', { name: 'What needs you' });
  await needs.getByText('1 text may mean STOP. Until you decide, this fan gets no texts.').waitFor();
  await needs.getByText('1 text that no flow answered is unread.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await needs.getByRole('link', { name: 'Decide' }).click();
  await page.waitForURL(/\/inbox$/);
  await page.goBack();
  await release.getByRole('link', { name: 'Midnight Ferry' }).click();
  await page.waitForURL(/\/releases\/[0-9a-f-]+$/);
  expect(complaints).toEqual([]);

  // The day after it is out, nothing is next: the way to another is offered.
  await stage.advance(12 * 24 * 3_600_000);
  await page.goto(at('/'));
  await page.getByRole('heading', { name: 'No release is announced' }).waitFor();
  await page.getByRole('button', { name: 'Add a release' }).click();
  await page.getByRole('dialog', { name: 'New release' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
});

test('a home that cannot be loaded says so and is asked for again; on a phone in the dark it fits', async () => {
  const { page, at } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await page.goto(at('/'));
  await page.getByRole('heading', { name: 'Midnight Ferry' }).waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  let isDown = true;
  await page.route('**/api/v1/home', (route) => (isDown ? route.abort() : route.continue()));
  await page.reload();
  await page.getByText(/The server may be restarting/).waitFor();
  isDown = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Midnight Ferry' }).waitFor();
});
