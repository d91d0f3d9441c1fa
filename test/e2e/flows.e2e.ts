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

const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, name: string | RegExp) => page.getByRole('row').filter({ hasText: name });

async function choose(page: Page, flow: string | RegExp, item: string) {
  await row(page, flow)
    .getByRole('button', { name: /^What can be done/ })
    .click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** What axe says, and whether something is cut off. */
async function flawsOf(page: Page): Promise<string[]> {
  await page.getByRole('menu').waitFor({ state: 'detached' });
  return [...(await findViolations(page)), ...((await isTooWide(page)) ? ['too wide'] : [])];
}

async function stateOf({ stage }: Dashboard): Promise<unknown> {
  return (await stage.api('GET', `/flows/${String(stage.demo['flowId'])}`))['state'];
}

test('a flow is found by its keyword, paused, started again, copied; the copy may not start beside it; both are deleted', async () => {
  const dashboard = await openDashboard(browser);
  const { page, at, stage, complaints } = dashboard;
  await stage.text(phones.unknown, 'presave');
  await page.goto(at('/flows'));
  const demo = row(page, 'Text PRESAVE');
  await demo.getByText('A fan texts PRESAVE').waitFor();
  await demo.getByRole('img', { name: /^Runs of the last seven days/ }).waitFor();
  expect(await flawsOf(page)).toEqual([]);

  const search = page.getByRole('searchbox', { name: 'Name or keyword' });
  await search.fill('nothing of the kind');
  await page.getByRole('heading', { name: /nothing of the kind/ }).waitFor();
  await search.fill('presave');
  await demo.waitFor();

  await choose(page, 'Text PRESAVE', 'Pause');
  await dialog(page).getByRole('button', { name: 'Pause' }).click();
  await demo.getByText('Paused').waitFor();
  expect(await stateOf(dashboard)).toBe('paused');
  await choose(page, 'Text PRESAVE', 'Start again');
  await dialog(page).getByRole('button', { name: 'Start again' }).click();
  await demo.getByText('On', { exact: true }).waitFor();

  await choose(page, 'Text PRESAVE', 'Duplicate');
  await page.getByRole('button', { name: 'Turn on' }).waitFor();
  await page.goto(at('/flows'));
  const copy = row(page, 'Draft');
  await copy.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Turn on' }).click();
  await dialog(page).getByRole('button', { name: 'Turn on' }).click();
  await dialog(page).getByRole('alert').getByText('Text PRESAVE', { exact: false }).first().waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: /^Open/ }).waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  await copy.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete flow' }).click();
  await copy.waitFor({ state: 'detached' });
  await choose(page, 'Text PRESAVE', 'Delete');
  await dialog(page).getByRole('button', { name: 'Delete flow' }).click();
  await page.getByRole('heading', { name: 'No flows yet' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  // The refused start is the one thing that the browser may have noted.
  expect(complaints.filter((one) => !one.includes('409'))).toEqual([]);
});

test('R54 the results of a flow say how far fans came, why not further, and lead to their runs', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await stage.text(phones.unknown, 'presave');
  await page.goto(at(`/flows/${String(stage.demo['flowId'])}/results`));
  await page
    .getByText(/^1 run/)
    .first()
    .waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await page
    .getByRole('link', { name: /^Promised.*until a service is linked/ })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  expect(new URL(page.url()).searchParams.get('reason')).toBe('not_connected');
  await page.getByRole('table', { name: 'Runs' }).getByRole('link').first().waitFor();
});

test('the list of flows fits a phone in the dark', async () => {
  const { page, at } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await page.goto(at('/flows'));
  await row(page, 'Text PRESAVE').waitFor();
  expect(await flawsOf(page)).toEqual([]);
});
