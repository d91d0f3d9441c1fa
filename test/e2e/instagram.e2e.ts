import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, isTooWide, launchChromium } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('a fan writes and comments on Instagram in the dock, and sees what the flows drawn for it answer', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const { settings } = await stage.sandbox('GET', '/instagram/settings');
  await stage.api('POST', '/connections', { connector: 'instagram', label: 'Our account', settings });

  // A flow, drawn by hand.
  await page.goto(at('/flows/new'));
  await page.getByRole('button', { name: /^A fan sends an Instagram DM/ }).click();
  await page.getByRole('combobox', { name: 'Keywords' }).fill('LINK');
  await page.keyboard.press('Enter');
  await page.getByText('A fan sends LINK as an Instagram DM').first().waitFor();
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('button', { name: /^Send an Instagram DM/ }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Here is the link.');
  await page.getByText('Every fan who started it: goes out at once, from novareyes.').first().waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('On', { exact: true }).first().waitFor();

  // Comments below one post, chosen by its words.
  await page.goto(at('/flows/new'));
  await page.getByRole('button', { name: /^A fan comments on Instagram/ }).click();
  await page.getByRole('combobox', { name: 'Post' }).click();
  await page.getByRole('option', { name: /^Rehearsal/ }).click();
  await page.getByText('on one Instagram post').first().waitFor();
  expect(await findViolations(page)).toEqual([]);

  const comments = { on: 'any', keywords: [], match: 'first', mediaId: '17900000000000001' };
  const { id } = await stage.api('POST', '/flows', {
    name: 'Comments',
    trigger: { trigger: 'instagram-comment', config: comments },
    steps: [{ step: 'send-instagram-dm', config: { text: 'Thank you for that.' } }],
  });
  await stage.api('POST', `/flows/${String(id)}/activate`);

  await page.goto(at('/segments'));
  await page.getByRole('button', { name: 'Sandbox', exact: true }).click();
  const dock = page.getByRole('complementary', { name: 'Sandbox: the fans’ side' });
  await dock.getByRole('tab', { name: 'Instagram' }).click();
  const say = dock.getByRole('textbox', { name: 'Message as this fan' });
  await say.fill('link please');
  await say.press('Enter');
  const log = dock.getByRole('log');
  await log.getByText('Here is the link.').waitFor();
  await log.getByText('Automated message from Nova Reyes.').waitFor();
  const line = dock.getByRole('list', { name: 'What Segue does' });
  await line.getByText('Done').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await dock.getByText('noor.k').click();
  await dock.getByText('Posts', { exact: true }).click();
  const post = dock.getByRole('article').first();
  await post.getByRole('textbox', { name: 'Comment as this fan' }).fill('So good 🔥');
  await post.getByRole('button', { name: 'Send' }).click();
  await post.getByText('So good 🔥').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await dock.getByText('Messages', { exact: true }).click();
  await log.getByText('Thank you for that.').waitFor();
  await log.getByText(/private reply to a comment/).waitFor();
  expect(complaints).toEqual([]);
});

test('an account is connected by signing in on Instagram’s page; declined, nothing has changed', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const { settings } = await stage.sandbox('GET', '/instagram/settings');
  await page.goto(at('/connect/new?provider=instagram'));
  await page.getByText('Answers direct messages and comments').first().waitFor();
  await page.getByRole('textbox', { name: 'Instagram app ID' }).fill(String(settings['appId']));
  await page.getByLabel('Access token', { exact: true }).fill('');
  await page.getByRole('textbox', { name: 'Account ID' }).fill('');
  await page.getByRole('textbox', { name: 'Account name' }).fill('');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('Nobody has signed in yet', { exact: false }).waitFor();
  await page.getByText('Needs to be connected again').first().waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Sign in with Instagram' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'You did not allow it' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'To the connections' }).click();
  await page.getByRole('link', { name: 'Instagram' }).click();
  await page.getByRole('button', { name: 'Sign in with Instagram' }).click();
  await page.getByText('@novareyes').waitFor();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('Signed in as novareyes.').waitFor();
  await page.getByText('Ready', { exact: true }).waitFor();
  expect(page.url()).not.toContain('code=');
  expect(await findViolations(page)).toEqual([]);
  const { items } = await stage.api('GET', '/connections');
  const made = (items as { connector: string }[]).find(({ connector }) => connector === 'instagram');
  expect(made).toMatchObject({
    state: 'ready',
    senders: [{ kind: 'account', value: 'novareyes' }],
    credential: { isEnding: false },
    webhookUrl: expect.stringContaining('/webhooks/instagram/'),
  });
  expect(complaints).toEqual([]);
});
