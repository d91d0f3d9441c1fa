import type { Browser } from 'playwright-core';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('a stranger’s five minutes: a text, its line, the link, the consent, the player, and release day', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser, { hasDemoPast: true });
  await page.goto(at('/'));
  await page.getByRole('heading', { name: 'Meet Nova Reyes, a demo' }).waitFor();
  const dock = page.getByRole('complementary', { name: 'Sandbox: the fans’ side' });
  const compose = dock.getByRole('textbox', { name: 'Text from this phone' });
  expect(await compose.inputValue()).toBe('presave');
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);

  await dock.getByRole('button', { name: 'Send', exact: true }).click();
  const line = dock.getByRole('list', { name: 'What Segue does' });
  await line.getByText('Promised').nth(1).waitFor();
  await line.getByText('Done').nth(1).waitFor();

  await dock.getByRole('log').getByRole('link').first().click();
  const fans = page.frameLocator('iframe[title="The fan’s page, on her phone"]');
  await fans.getByRole('heading', { level: 1, name: 'Midnight Ferry' }).waitFor();
  await fans.getByRole('button', { name: /^Continue with/ }).click();
  await fans.getByRole('radio', { name: 'Jonas Okafor' }).check();
  await fans.getByRole('button', { name: 'Allow' }).click();
  await fans.getByText('You follow').waitFor();
  await dock.getByRole('button', { name: 'Back to the texts' }).click();
  await line.getByText('Done').nth(3).waitFor();

  await dock.getByRole('tab', { name: 'Player' }).click();
  await dock.getByRole('heading', { name: 'Waiting for release day' }).waitFor();
  await dock.getByRole('button', { name: 'Jump to release day' }).click();
  await dock.getByRole('heading', { name: 'Waiting for release day' }).waitFor({ state: 'detached' });
  await dock.getByText('Midnight Ferry', { exact: true }).waitFor();
  await stage.idle();
  expect((await stage.library('jonas-okafor')).saved).toHaveLength(1);
  // R110 R47: at midnight she has the album; the text about it waits for her morning, and the phone says so.
  expect(await stage.got(phones.unknown)).toHaveLength(1);
  await dock.getByRole('tab', { name: 'Phone' }).click();
  await dock.getByText(/^A text waits\. It goes at \d{1,2}:\d\d [AP]M in Denver\.$/).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dock.getByRole('button', { name: 'Move the clock' }).click();
  await page.getByRole('menuitem', { name: /^The waiting text goes/ }).click();
  await dock.getByRole('log').getByText('Midnight Ferry is out, and in your library.').waitFor();
  await dock.getByText(/^A text waits/).waitFor({ state: 'detached' });
  expect(await stage.got(phones.unknown)).toHaveLength(2);
  expect(complaints).toEqual([]);
});

test('one’s own artist is on the demo in seconds', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/'));
  await page.getByRole('button', { name: 'Put your own artist here' }).click();
  const dialog = page.getByRole('dialog', { name: 'Put your own artist here' });
  await dialog.getByRole('textbox', { name: 'Your artist’s name' }).fill('Ada <b>Moon</b>');
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Put it here' }).click();
  await page.getByRole('heading', { name: 'Meet Ada <b>Moon</b>, a demo' }).waitFor();
  expect(await page.getByRole('banner').textContent()).toContain('Ada <b>Moon</b>');
});

test('on a phone the greeting comes first, and the phone of the sandbox is one tap away', async () => {
  const { page, at } = await openDashboard(browser, phone);
  await page.goto(at('/'));
  await page.getByRole('button', { name: 'Open the phone' }).click();
  const compose = page.getByRole('textbox', { name: 'Text from this phone' });
  await compose.waitFor();
  expect(await compose.inputValue()).toBe('presave');
  expect(await isTooWide(page)).toBe(false);
});

test('who starts for real has an own, empty project, and the demo is gone with everything in it', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/'));
  await page.getByRole('button', { name: 'Start for real' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start for real' });
  await dialog.getByRole('textbox', { name: 'Your artist’s name' }).fill('Ada Moon');
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make it, remove the demo' }).click();
  await page.waitForURL(/@ada-moon/);
  await page.getByRole('button', { name: /^Ada Moon/ }).waitFor();
  expect(await page.getByText('a demo').count()).toBe(0);
  const client = new pg.Client({ connectionString: stage.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query(
    'select (select count(*)::int from project) as projects, (select count(*)::int from fan) as fans, (select count(*)::int from run) as runs, (select count(*)::int from connection) as connections',
  );
  expect(rows).toEqual([{ projects: 1, fans: 0, runs: 0, connections: 0 }]);
  expect(complaints).toEqual([]);
});
