import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { findViolations, isTooWide, launchChromium, openContext } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('R95 a page is made, published, taken on paper and into a story; the fan’s side is the same in the dark', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/pages'));
  await page.getByRole('button', { name: 'New page' }).click();
  await page.getByRole('combobox', { name: 'Release' }).click();
  await page.getByRole('option', { name: /Midnight Ferry/ }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('The last boat home');
  await page.getByRole('textbox', { name: 'Address' }).fill('last-boat');
  await page.getByRole('checkbox', { name: 'Sign up for mails' }).uncheck();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('heading', { level: 1, name: 'The last boat home' }).waitFor();
  await page.getByRole('img', { name: 'Poster: The last boat home. Scan to pre-save' }).waitFor();
  await page.getByRole('img', { name: /^Story picture: / }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the story picture' }).click();
  expect((await download).suggestedFilename()).toBe('last-boat-story.png');
  expect(await findViolations(page)).toEqual([]);
  // The preview runs no script, and the browser says so.
  expect(complaints.filter((one) => !one.includes("'allow-scripts'"))).toEqual([]);

  const fan = await openContext(browser, { colorScheme: 'dark' });
  await fan.page.goto(new URL('/p/last-boat', page.url()).href);
  await fan.page.getByRole('heading', { level: 1, name: 'The last boat home' }).waitFor();
  expect(await fan.page.getByRole('button', { name: 'Send me texts' }).count()).toBe(1);
  expect(await fan.page.getByRole('button', { name: 'Send me mails' }).count()).toBe(0);
  expect(await findViolations(fan.page)).toEqual([]);
  expect(await isTooWide(fan.page)).toBe(false);
  await fan.context.close();

  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Not published').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Pages' }).waitFor();
  expect(await page.getByRole('link', { name: 'The last boat home' }).count()).toBe(0);
});

test('a title of 300 letters without a space, and one of pictures only, fit a phone', async () => {
  const { stage } = await openDashboard(browser);
  const { page, complaints } = await openContext(browser);
  for (const title of ['W'.repeat(300), '👩‍👩‍👧‍👦🎸'.repeat(20)]) {
    const made = await stage.api('POST', '/pages', { title, releaseId: stage.demo['releaseId'] });
    await stage.api('PUT', `/pages/${String(made['id'])}`, { version: 1, isPublished: true });
    await page.goto(`${stage.url}/p/${String(made['slug'])}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(title);
    expect(await isTooWide(page)).toBe(false);
    expect(await findViolations(page)).toEqual([]);
  }
  expect(complaints).toEqual([]);
});
