import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium } from './chromium.ts';
import { openDashboard, type Dashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');
const line = (page: Page) => page.getByRole('list', { name: 'Trigger and steps, in their order' });
const saved = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^Saved$/ })
    .waitFor();

/** What the cards say they do, in their order. */
async function cards(page: Page): Promise<string[]> {
  const texts = await line(page)
    .getByRole('button', { name: /^(When|Step \d)/ })
    .allInnerTexts();
  return texts.map((text) => text.split('\n').slice(0, 2).join(': '));
}

/** Nothing for axe to say, nothing cut off. */
async function expectWellMade(page: Page) {
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
}

async function addStep(page: Page, search: string, name: RegExp) {
  await button(page, 'Add a step').click();
  await dialog(page).getByRole('textbox', { name: 'Find a step' }).fill(search);
  await dialog(page).getByRole('button', { name }).click();
}

async function pick(page: Page, field: string, letters: string, option: RegExp) {
  await page.getByRole('combobox', { name: field }).fill(letters);
  await page.getByRole('option', { name: option }).click();
}

/** From the palette of triggers to a flow with one keyword. */
async function beginFlow({ page, at }: Dashboard, keyword: string) {
  await page.goto(at('/flows/new'));
  await button(page, /^A fan texts a keyword/).click();
  const words = page.getByRole('combobox', { name: 'Words that fans text' });
  await words.fill(keyword);
  await words.press('Enter');
}

/** The address of the demo's own flow, with a card open. */
function demoFlow({ at, stage }: Dashboard, card = 'trigger'): string {
  return at(`/flows/${String(stage.demo['flowId'])}?card=${card}`);
}

test('the example flow is built from nothing, turned on, paused, started again and deleted', async () => {
  const dashboard = await openDashboard(browser);
  const { page, stage, complaints } = dashboard;
  await beginFlow(dashboard, 'FERRY');
  await addStep(page, 'pre', /^Pre-save a release/);
  await pick(page, 'Release', 'midnight', /^Midnight Ferry/);
  await addStep(page, 'follow', /^Follow an artist/);
  await pick(page, 'Artist', 'nova', /^Nova Reyes/);
  await addStep(page, 'segment', /^Add fan to segment/);
  await pick(page, 'Segment', 'Ferry riders', /Make the segment “Ferry riders”/);
  await addStep(page, 'text', /^Send a text/);
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Tap to pre-save: ');
  await button(page, 'Insert').click();
  await page.getByRole('menuitem', { name: 'Link to the fan’s own page' }).click();
  await saved(page);
  expect(await cards(page)).toEqual([
    'When: A fan texts FERRY',
    'Step 1: Pre-save Midnight Ferry',
    'Step 2: Follow Nova Reyes',
    'Step 3: Add to “Ferry riders”',
    'Step 4: Text “Tap to pre-save: …”',
  ]);
  await expectWellMade(page);

  await button(page, 'Turn on').click();
  await expectWellMade(page);
  await dialog(page).getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('On', { exact: true }).waitFor();
  await stage.text(phones.unknown, 'ferry');
  expect(await stage.got(phones.unknown)).toEqual([expect.stringMatching(/Tap to pre-save: \S+\/s\/\w+/)]);
  expect(await stage.outcomes(phones.unknown)).toEqual([
    '1 presave deferred: not_connected',
    '2 follow-artist deferred: not_connected',
    '3 add-to-segment done',
    '4 send-text done',
  ]);

  await button(page, 'Pause').click();
  await dialog(page).getByRole('radio', { name: 'Let them finish' }).check();
  await dialog(page).getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await stage.text(phones.connected, 'ferry');
  expect(await stage.runs(phones.connected)).toEqual([]);
  await button(page, 'Start again').click();
  await dialog(page).getByRole('button', { name: 'Start again' }).click();
  await page.getByText('On', { exact: true }).waitFor();

  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Delete flow' }).click();
  await dialog(page).getByRole('button', { name: 'Delete flow' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/@nova-reyes/flows');
  const { items } = await stage.api('GET', '/flows');
  expect((items as { id: string }[]).map(({ id }) => id)).toEqual([stage.demo['flowId']]);
  expect(complaints).toEqual([]);
});
