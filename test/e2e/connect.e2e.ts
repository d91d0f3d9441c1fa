import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { linkIn } from '../situations/browser.ts';
import { phones, startStage, type Stage } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, openContext } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

type Options = Parameters<typeof openContext>[1];

/** An app, a phone that texted the word, and a browser on that phone. */
async function textTheWord(options: Options = {}) {
  const stage = await startStage();
  await stage.text(phones.unknown, 'presave');
  const [answer = ''] = await stage.got(phones.unknown);
  const { page, context, complaints } = await openContext(browser, options);
  onTestFinished(() => context.close());
  return { stage, page, complaints, link: linkIn(answer) };
}

/** On the service's own page: who one is, and Allow. */
async function signIn(page: Page, decision: 'Allow' | 'Cancel' = 'Allow') {
  await expect.poll(() => page.title()).toBe('Sandbox sign-in');
  await page.getByRole('radio', { name: 'Jonas Okafor' }).check();
  await page.getByRole('button', { name: decision }).click();
}

/** The page is fit to be seen: nothing for axe to say, nothing cut off, the browser content. */
async function expectWellMade(page: Page, complaints: readonly string[]) {
  expect(await findViolations(page), await page.title()).toEqual([]);
  expect(await isTooWide(page), page.url()).toBe(false);
  expect(complaints).toEqual([]);
}

const done = (page: Page, what: string) => page.getByRole('listitem').filter({ hasText: what });
const isVisible = (page: Page, role: 'button' | 'heading' | 'link', name: string | RegExp) =>
  page.getByRole(role, { name }).isVisible();

/** As the steps of the run end. */
async function expectBothDone(stage: Stage) {
  await stage.idle();
  const outcomes = await stage.outcomes(phones.unknown);
  expect(outcomes.slice(0, 2)).toEqual([
    '1 presave (spotify) done: scheduled',
    '2 follow-artist (spotify) done',
  ]);
}

test.each(['light', 'dark'] as const)(
  'a text, its link, one sign-in, and both steps are done; Undo takes one back (%s)',
  async (colorScheme) => {
    const { stage, page, complaints, link } = await textTheWord({ colorScheme });
    await page.goto(link);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Midnight Ferry');
    expect(await page.getByText('Nova Reyes', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByText('For the phone ending 42').isVisible()).toBe(true);
    expect(await page.getByRole('checkbox', { name: /^Pre-save Midnight Ferry/ }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: /^Follow Nova Reyes/ }).isChecked()).toBe(true);
    await expectWellMade(page, complaints);

    await page.getByRole('button', { name: 'Continue with Spotify' }).click();
    await expect.poll(() => page.title()).toBe('Sandbox sign-in');
    await expectWellMade(page, complaints);
    await signIn(page);

    // The page looks again by itself until both are there.
    await done(page, 'Pre-saved on Spotify').waitFor();
    await done(page, 'You follow Nova Reyes on Spotify').waitFor();
    await expectBothDone(stage);
    await expectWellMade(page, complaints);

    await done(page, 'Pre-saved on Spotify').getByRole('button', { name: /^Undo/ }).click();
    await done(page, 'Pre-saved on Spotify').waitFor({ state: 'detached' });
    expect(await done(page, 'You follow Nova Reyes on Spotify').isVisible()).toBe(true);
    await expectWellMade(page, complaints);
    await done(page, 'You follow Nova Reyes').getByRole('button', { name: /^Undo/ }).click();
    await done(page, 'You follow Nova Reyes').waitFor({ state: 'detached' });
    expect(await stage.library('jonas-okafor')).toEqual({ saved: [], following: [] });
  },
);

test('R94 the box for texts is never ticked, and agrees only once it was', async () => {
  const stage = await startStage();
  await stage.changeFlow((flow) => {
    const { callToAction: _, ...config } = flow['trigger'].config;
    return { ...flow, trigger: { ...flow['trigger'], config: { ...config, mode: 'reply' } } };
  });
  await stage.text(phones.unknown, 'presave');
  const { context, page, complaints } = await openContext(browser);
  onTestFinished(() => context.close());
  const [answer = ''] = await stage.got(phones.unknown);
  await page.goto(linkIn(answer));
  const box = page.getByRole('checkbox', { name: /Nova Reyes/ }).last();
  const send = page.getByRole('button', { name: 'Send me texts' });
  expect(await box.isChecked()).toBe(false);
  await expectWellMade(page, complaints);
  await send.click();
  expect(await send.isVisible()).toBe(true);
  expect((await stage.fan(phones.unknown))['consents']).toEqual([]);
  await box.check();
  await send.click();
  await send.waitFor({ state: 'detached' });
  await stage.idle();
  expect((await stage.fan(phones.unknown))['consents']).toMatchObject([
    { source: { pageUrl: linkIn(answer) }, revokedAt: null },
  ]);
  await expectWellMade(page, complaints);
});

test('consent denied at the service: nothing is linked, and the page is one tap away', async () => {
  const { stage, page, complaints, link } = await textTheWord();
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue with Spotify' }).click();
  await signIn(page, 'Cancel');
  await expect.poll(() => isVisible(page, 'heading', 'Nothing was linked')).toBe(true);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back to your page' }).click();
  expect(await isVisible(page, 'button', 'Continue with Spotify')).toBe(true);
  expect(complaints.filter((one) => !one.includes('403'))).toEqual([]);
  const [presave] = await stage.outcomes(phones.unknown);
  expect(presave).toBe('1 presave deferred: not_connected');
});

test('the way back from the service counts once, however often it is opened', async () => {
  const { stage, page, link } = await textTheWord();
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue with Spotify' }).click();
  const callback = page.waitForRequest((request) => request.url().includes('/oauth/'));
  await signIn(page);
  const address = (await callback).url();
  await done(page, 'Pre-saved on Spotify').waitFor();
  const calls = await stage.calls('spotify');
  await page.goto(address);
  expect(await isVisible(page, 'heading', 'This sign-in is over')).toBe(true);
  expect(await findViolations(page)).toEqual([]);
  await stage.idle();
  expect(await stage.calls('spotify')).toEqual([]);
  expect(calls).not.toEqual([]);
  await page.getByRole('link', { name: 'Back to your page' }).click();
  expect(await done(page, 'Pre-saved on Spotify').isVisible()).toBe(true);
});

test('R121 inside another app the way out comes first, and signing in is still there', async () => {
  const userAgent =
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0 Mobile Safari/537.36 Instagram 400.0.0.0.1 Android';
  const { page, complaints, link } = await textTheWord({ userAgent });
  await page.goto(link);
  expect(await page.getByText('You are inside Instagram').isVisible()).toBe(true);
  const out = await page.getByRole('link', { name: 'Open in your browser' }).getAttribute('href');
  expect(out).toBe(`intent://${link.replace('http://', '')}#Intent;scheme=http;end`);
  expect(await page.getByText(link.replace('http://', ''), { exact: true }).isVisible()).toBe(true);
  expect(await isVisible(page, 'button', 'Continue with Spotify')).toBe(true);
  await expectWellMade(page, complaints);
});

test('no script is needed from the text to the last step', async () => {
  const { stage, page, link } = await textTheWord({ javaScriptEnabled: false });
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue with Spotify' }).click();
  await signIn(page);
  await done(page, 'Pre-saved on Spotify').waitFor();
  await done(page, 'You follow Nova Reyes on Spotify').waitFor();
  expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(2);
  await expectBothDone(stage);
});

test('everything is done by keyboard, and what has the focus is seen', async () => {
  const { stage, page, link } = await textTheWord();
  await page.goto(link);
  await tabTo(page, 'Follow Nova Reyes');
  await page.keyboard.press('Space');
  expect(await page.getByRole('checkbox', { name: /^Follow Nova Reyes/ }).isChecked()).toBe(false);
  await page.keyboard.press('Space');
  await tabTo(page, 'Continue with Spotify');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.title()).toBe('Sandbox sign-in');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'Jonas Okafor' }).isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await done(page, 'You follow Nova Reyes on Spotify').waitFor();
  await expectBothDone(stage);
  // What looks again by itself would take the focus away: it stops when all is done.
  await expect.poll(() => page.locator('meta[http-equiv=refresh]').count()).toBe(0);
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await done(page, 'Pre-saved on Spotify').waitFor({ state: 'detached' });
});

test('the first page, the API’s page and the terms are well made, wide and small', async () => {
  const stage = await startStage();
  for (const viewport of [
    { width: 320, height: 640 },
    { width: 1280, height: 800 },
  ]) {
    const { context, page, complaints } = await openContext(browser, { viewport });
    onTestFinished(() => context.close());
    for (const path of ['/', '/api/docs', '/t/nova-reyes', '/privacy/nova-reyes']) {
      await page.goto(stage.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expectWellMade(page, complaints);
    }
    await page.goto(`${stage.url}/sign-in/spent`);
    expect(await isVisible(page, 'heading', 'This link is spent')).toBe(true);
    expect(await findViolations(page)).toEqual([]);
  }
});

/** Presses Tab until what has the focus says `name`, and checks that it is outlined. */
async function tabTo(page: Page, name: string) {
  for (let press = 0; press < 30; press++) {
    await page.keyboard.press('Tab');
    const [said, outline, width] = await page.evaluate<[string, string, string]>(focused);
    if (!said.startsWith(name)) continue;
    expect([outline, Number.parseFloat(width) >= 2]).toEqual(['solid', true]);
    return;
  }
  throw new Error(`the focus never came to “${name}”`);
}

const focused = `(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return [(one.labels?.[0] ?? one).innerText.trim(), outlineStyle, outlineWidth];
})()`;

test.each(['light', 'dark'] as const)(
  'R120 her own page: a channel is stopped, a code shows everything, and the end of it all (%s)',
  async (colorScheme) => {
    const stage = await startStage();
    await stage.text(phones.connected, 'presave');
    const [answer = ''] = await stage.got(phones.connected);
    const { page, context, complaints } = await openContext(browser, { colorScheme });
    onTestFinished(() => context.close());
    await page.goto(linkIn(answer));
    await page.getByRole('link', { name: /^Your page/ }).click();
    await page.getByRole('heading', { name: 'Nova Reyes and you' }).waitFor();
    await expectWellMade(page, complaints);
    await page.getByRole('button', { name: 'Stop Mails' }).click();
    await page.getByText('It counts from now on').waitFor();
    await page.getByRole('button', { name: /^Text a code/ }).click();
    await stage.idle();
    const code = /(\d{6}) is the code/.exec((await stage.got(phones.connected)).at(-1) ?? '')?.[1] ?? '';
    await page.getByRole('textbox', { name: 'The code' }).fill(code);
    await expectWellMade(page, complaints);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('ines@halloran.example').first().waitFor();
    await expectWellMade(page, complaints);
    await page.getByRole('link', { name: 'Erase everything' }).click();
    await page.getByRole('checkbox').check();
    await expectWellMade(page, complaints);
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await page.getByRole('heading', { name: 'Everything is erased' }).waitFor();
    await expectWellMade(page, complaints);
    await expect(stage.fan(phones.connected)).rejects.toThrow('nobody');
  },
);
