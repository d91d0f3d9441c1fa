import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, phone } from './chromium.ts';
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
  // A menu that closes is empty for a moment.
  await page.getByRole('menu').waitFor({ state: 'detached' });
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
  // R35: before anything happens, what would.
  await dialog(page)
    .getByText(/^If every fan of today did it now/)
    .click();
  await dialog(page)
    .getByText(/\d+ promised/)
    .first()
    .waitFor();
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

test('a keyword that another flow has is refused with that flow’s name, before and at turning on', async () => {
  const dashboard = await openDashboard(browser);
  const { page, stage } = dashboard;
  await beginFlow(dashboard, 'presave');
  await page.getByRole('link', { name: 'Open that flow' }).waitFor();
  await addStep(page, 'follow', /^Follow an artist/);
  await pick(page, 'Artist', 'nova', /^Nova Reyes/);
  await saved(page);
  await button(page, 'Turn on').click();
  await dialog(page).getByRole('button', { name: 'Turn on' }).click();
  await dialog(page)
    .getByText(/already has/)
    .waitFor();
  const way = dialog(page).getByRole('link', { name: /^Open “Text PRESAVE/ });
  expect(await way.getAttribute('href')).toBe(`/@nova-reyes/flows/${String(stage.demo['flowId'])}`);
  await expectWellMade(page);
});

test('steps move by keys, a deleted one comes back, and the order is what is saved', async () => {
  const dashboard = await openDashboard(browser);
  const { page, stage } = dashboard;
  await page.goto(demoFlow(dashboard, '1'));
  const first = line(page).getByRole('button', { name: /^Step 1/ });
  await first.press('Alt+ArrowDown');
  await expect.poll(async () => (await cards(page))[2]).toMatch(/^Step 2: Pre-save/);
  const before = await cards(page);
  await line(page)
    .getByRole('button', { name: /^What can be done with Pre-save/ })
    .click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await button(page, 'Undo').click();
  expect(await cards(page)).toEqual(before);
  await saved(page);
  const flow = await stage.api('GET', `/flows/${String(stage.demo['flowId'])}`);
  expect((flow['steps'] as { step: string }[]).map(({ step }) => step).slice(0, 2)).toEqual([
    'follow-artist',
    'presave',
  ]);
});

test('what is typed without a connection is kept, through a reload too, and saved when it is back', async () => {
  const dashboard = await openDashboard(browser);
  const { page, context, stage } = dashboard;
  await page.goto(demoFlow(dashboard, '4'));
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.waitFor();
  await context.setOffline(true);
  await text.fill('Typed in a tunnel: {{ links.connect }}');
  await page.getByText(/^No connection\. Your edits are kept/).waitFor();
  await context.setOffline(false);
  await saved(page);
  const texts = async () => JSON.stringify(await stage.api('GET', `/flows/${String(stage.demo['flowId'])}`));
  expect(await texts()).toContain('Typed in a tunnel');

  await page.route('**/api/v1/flows/**', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await text.fill('Typed before a crash: {{ links.connect }}');
  await page.getByText(/^No connection\. Your edits are kept/).waitFor();
  await page.unroute('**/api/v1/flows/**');
  await page.reload();
  await page.getByText('Edits from your last visit were brought back.').waitFor();
  await expect.poll(texts).toContain('Typed before a crash');
});

test('of two who draw the same flow the second chooses; the first one’s version can be restored', async () => {
  const dashboard = await openDashboard(browser);
  const { page, stage } = dashboard;
  await page.goto(demoFlow(dashboard, '4'));
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.waitFor();
  const path = `/flows/${String(stage.demo['flowId'])}`;
  const theirs = await stage.api('GET', path);
  const renamed = JSON.stringify(theirs).replaceAll(
    /"body":"(?:[^"\\]|\\.)*"/g,
    '"body":"Theirs {{ links.connect }}"',
  );
  await stage.api('PUT', path, JSON.parse(renamed));
  await text.fill('Mine {{ links.connect }}');
  await dialog(page).getByText('What is different in yours').waitFor();
  await expectWellMade(page);
  await dialog(page).getByRole('button', { name: 'Keep mine' }).click();
  await saved(page);
  expect(JSON.stringify(await stage.api('GET', path))).toContain('Mine {{');

  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expectWellMade(page);
  await dialog(page)
    .getByRole('button', { name: /^Restore version/ })
    .first()
    .click();
  await expect.poll(() => text.inputValue()).toBe('Theirs {{ links.connect }}');
});

test('50,000 pasted characters are kept and said to be too many; tags and live parts in a name stay letters', async () => {
  const dashboard = await openDashboard(browser);
  const { page, complaints } = dashboard;
  await page.goto(demoFlow(dashboard, '4'));
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.fill('la '.repeat(16_667).slice(0, 50_000));
  await page
    .getByText(/50,000 characters/)
    .first()
    .waitFor();
  expect((await text.inputValue()).length).toBe(50_000);
  await text.fill('{{ links.connect }}');
  await saved(page);
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const name = '<img src=x onerror=alert(1)> {{ fan.name }} </script>';
  await dialog(page).getByRole('textbox').fill(name);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  expect(complaints).toEqual([]);
});

test('on a phone the line stands alone and a card’s form is a sheet over it', async () => {
  const dashboard = await openDashboard(browser, phone);
  const { page, at, stage } = dashboard;
  await page.goto(at(`/flows/${String(stage.demo['flowId'])}`));
  await line(page)
    .getByRole('button', { name: /^Step 4/ })
    .click();
  const text = dialog(page).getByRole('textbox', { name: 'Text', exact: true });
  await text.fill('From the bus: {{ links.connect }}');
  await expectWellMade(page);
  await dialog(page).getByRole('button', { name: 'Close' }).first().click();
  await saved(page);
  await expectWellMade(page);
  expect(await cards(page)).toContain('Step 4: Text “From the bus: …”');
});
