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

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

async function expectWellMade(page: Page) {
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
}

test('R2 R14 a flow that listens to pre-saves is drawn, says who is in its way, and runs when another flow pre-saves', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser, phone);
  const { releaseId, segmentId } = stage.demo;
  const flow = {
    name: 'Thank them',
    trigger: { trigger: 'presave', config: { releaseId } },
    steps: [{ step: 'add-to-segment', config: { segmentId } }],
  };
  const { id } = await stage.api('POST', '/flows', flow);
  await stage.api('POST', `/flows/${String(id)}/activate`);

  await page.goto(at('/flows/new'));
  const triggers = page.getByRole('region', { name: /^What should start it/ }).getByRole('button');
  await expect.poll(() => triggers.count()).toBe(10);
  await expectWellMade(page);
  await button(page, /^A fan pre-saves a release/).click();
  await button(page, /^When/).click();
  // The letters are answered while the button of the mouse is down: what is pressed is still chosen.
  await page.getByRole('combobox', { name: 'Release' }).click();
  await page.getByRole('option', { name: /^Midnight Ferry/ }).hover();
  await page.mouse.down();
  const answered = page.waitForResponse((response) => response.url().includes('q=midnight'));
  await page.keyboard.type('midnight');
  await answered;
  await page.mouse.up();
  await page.getByText('The active flow “Thank them” already has pre-saves of this release.').waitFor();
  await expectWellMade(page);

  await stage.text(phones.connected, 'presave');
  await page.goto(at('/flows'));
  await page.getByText('A fan pre-saves Midnight Ferry').first().waitFor();
  const [run] = (await stage.runs(phones.connected)).filter((one) => one['flowId'] === id);
  await page.goto(at(`/runs/${String(run?.['id'])}`));
  await page.getByText('Pre-saved a release · by another flow').waitFor();
  await expectWellMade(page);
  expect(complaints).toEqual([]);
});
