import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day, phones, type Json, type Stage } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, openContext, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** An active flow that puts those who start it into a segment of its own; answers with who that was. */
async function listen(stage: Stage, trigger: string, config: object): Promise<() => Promise<Json[]>> {
  const { id: segmentId } = await stage.api('POST', '/segments', { name: `By ${trigger}` });
  const steps = [{ step: 'add-to-segment', config: { segmentId } }];
  const { id } = await stage.api('POST', '/flows', { name: trigger, trigger: { trigger, config }, steps });
  await stage.api('POST', `/flows/${String(id)}/activate`);
  return async () => (await stage.api('GET', `/segments/${String(segmentId)}/fans`))['items'] as Json[];
}

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

test('R20 all that a fan can do on a page starts the flow that listens for it: sign-ups, pre-save, follow, NextSave, and later what her library and the artist do', async () => {
  const { stage } = await openDashboard(browser);
  const { releaseId, artistId } = stage.demo;
  const listeners = {
    'sms-sign-up': await listen(stage, 'sms-sign-up', {}),
    'email-sign-up': await listen(stage, 'email-sign-up', {}),
    presave: await listen(stage, 'presave', { releaseId }),
    follow: await listen(stage, 'follow', { artistId }),
    nextsave: await listen(stage, 'nextsave', { artistId }),
    'library-add': await listen(stage, 'library-add', { releaseId }),
    'new-release': await listen(stage, 'new-release', {}),
  };
  const heard = async () => {
    await stage.idle();
    const counts = Object.entries(listeners).map(async ([trigger, fans]) => [trigger, (await fans()).length]);
    return Object.fromEntries(await Promise.all(counts)) as Record<string, number>; // of the pairs above
  };
  const { page, complaints } = await openContext(browser, phone);
  const form = (name: string) => page.locator('form').filter({ has: button(page, name) });

  await page.goto(`${stage.url}/p/nova-reyes`);
  await page.getByRole('textbox', { name: 'Your number' }).fill('(303) 555-0142');
  await form('Send me texts').getByRole('checkbox').check();
  // Faster than that nobody reads and types.
  await page.waitForTimeout(2_100);
  await button(page, 'Send me texts').click();
  await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  expect(await heard()).toMatchObject({ 'sms-sign-up': 1, 'email-sign-up': 0 });

  await page.goto(`${stage.url}/p/nova-reyes`);
  await form('Send me mails').getByRole('textbox').first().fill('mara@fans.example');
  await form('Send me mails').getByRole('checkbox').check();
  await page.waitForTimeout(2_100);
  await button(page, 'Send me mails').click();
  await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  await stage.idle();
  expect((await heard())['email-sign-up']).toBe(0);
  const linkToConfirm = async () => {
    const [mail] = await stage.mails('mara@fans.example');
    return /https?:\/\/\S+/.exec(String(mail?.['text']))?.[0] ?? '';
  };
  await expect.poll(linkToConfirm).not.toBe('');
  await page.goto(await linkToConfirm());
  await page.getByRole('button').first().click();
  await expect.poll(async () => (await heard())['email-sign-up']).toBe(1);

  await page.goto(`${stage.url}/p/nova-reyes`);
  const wishes = form('Pre-save on Spotify').getByRole('checkbox');
  for (const box of await wishes.all()) await box.check();
  await button(page, 'Pre-save on Spotify').click();
  await page.getByRole('radio', { name: 'Mara Lindqvist' }).check();
  await button(page, 'Allow').click();
  await page.getByText('Pre-saved on Spotify').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await heard()).toMatchObject({ presave: 1, follow: 1, nextsave: 1, 'library-add': 0 });

  // Release day, and a month later a single that nobody announced here.
  await stage.advance(12 * day);
  expect((await heard())['library-add']).toBe(1);
  await stage.advance(40 * day);
  expect((await heard())['new-release']).toBe(1);
  expect(complaints).toEqual([]);
});
