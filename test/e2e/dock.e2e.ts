import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, phone as phoneScreen } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const dockOf = (page: Page) => page.getByRole('complementary', { name: 'Sandbox: the fans’ side' });

/** Opens the dock beside a page where it is not open by itself. */
async function openDock(page: Page, address: string) {
  await page.goto(address);
  await page.getByRole('button', { name: 'Sandbox', exact: true }).click();
  const dock = dockOf(page);
  await dock.getByRole('textbox', { name: 'Text from this phone' }).waitFor();
  return dock;
}

test('two phones side by side text the artist; each shows its own answers as the carrier delivers them', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  const dock = await openDock(page, at('/segments'));
  expect(await findViolations(page)).toEqual([]);

  await dock.getByRole('button', { name: 'Show a second phone' }).click();
  const mine = dock.getByRole('region', { name: `Phone ${phones.unknown}` });
  const hers = dock.getByRole('region', { name: `Phone ${phones.connected}` });
  await mine.getByRole('button', { name: 'HELP', exact: true }).click();
  await mine.getByText(/Delivered/).waitFor();
  expect(await hers.getByText('HELP', { exact: true }).count()).toBe(1);
  expect(await hers.getByRole('log').textContent()).not.toContain('Delivered');
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  expect(complaints).toEqual([]);
});

test('who holds the phone, and what the dock shows, are changed by keyboard', async () => {
  const { page, at } = await openDashboard(browser);
  const dock = await openDock(page, at('/segments'));
  const holders = dock.getByRole('group', { name: 'Who holds the phone' });
  await holders.getByRole('radio', { name: 'Nobody you know' }).focus();
  await page.keyboard.press('ArrowRight');
  await dock.getByRole('region', { name: `Phone ${phones.connected}` }).waitFor();
  await holders.getByText('In Germany').click();
  await dock.getByText(/in Berlin$/).waitFor();
  await dock.getByRole('tab', { name: 'Phone' }).focus();
  await page.keyboard.press('ArrowRight');
  const nothing = dock.getByRole('heading', { name: 'No service is connected on this phone' });
  await nothing.waitFor();
  expect(await dock.getByRole('textbox', { name: 'Text from this phone' }).count()).toBe(0);
});

test('a provider that was broken in the dock is listed until it is mended', async () => {
  const { page, at, stage } = await openDashboard(browser);
  const dock = await openDock(page, at('/segments'));
  await dock.getByRole('tab', { name: 'Break it' }).click();
  await dock.getByRole('combobox', { name: 'Spotify' }).click();
  await page.getByRole('option', { name: 'Is down' }).click();
  await dock.getByRole('button', { name: 'Mend everything' }).waitFor();
  expect(await stage.sandbox('GET', '/faults')).toEqual({ items: [{ connector: 'spotify', mode: 'down' }] });
  expect(await findViolations(page)).toEqual([]);
  await dock.getByRole('button', { name: 'Mend everything' }).click();
  await page.getByText('Every provider works again.').waitFor();
  expect(await stage.sandbox('GET', '/faults')).toEqual({ items: [] });
});

test('the plug is pulled: who looks on sees the worker go, and 0 lost, 0 twice', async () => {
  const { page, at } = await openDashboard(browser);
  const dock = await openDock(page, at('/segments'));
  await dock.getByRole('tab', { name: 'Break it' }).click();
  await dock.getByRole('button', { name: 'Pull the plug' }).click();
  await dock.getByText(/^Process \d+ was killed when/).waitFor({ timeout: 30_000 });
  expect(await findViolations(page)).toEqual([]);
  await dock.getByText('48 texts: 0 lost, 0 answered twice.').waitFor({ timeout: 60_000 });
}, 120_000);

test('the mailbox and the place of Instagram say that nothing has come yet', async () => {
  const { page, at } = await openDashboard(browser);
  const dock = await openDock(page, at('/segments'));
  await dock.getByRole('tab', { name: 'Mail' }).click();
  await dock.getByRole('heading', { name: 'No mail yet' }).waitFor();
  await dock.getByRole('tab', { name: 'Instagram' }).click();
  await dock.getByRole('heading', { name: 'No Instagram account is connected' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'R104 on a phone it covers the page, is marked, and closes (%s)',
  async (colorScheme) => {
    const { page, at } = await openDashboard(browser, { ...phoneScreen, colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(at('/segments'));
    await page.getByRole('button', { name: 'Open the list of places' }).click();
    await page.getByRole('button', { name: 'Sandbox', exact: true }).click();
    const dock = dockOf(page);
    await dock.getByText('Made-up fans and providers. Nothing here reaches anybody.').waitFor();
    await dock.getByRole('textbox', { name: 'Text from this phone' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await findViolations(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await dock.getByRole('button', { name: 'Close the sandbox' }).click();
    await dock.waitFor({ state: 'detached' });
  },
);
