import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, openContext, phone } from './chromium.ts';
import { isSignedBy, startReceiver } from '../../src/webhooks/testing.ts';
import { phones } from '../situations/stage.ts';
import { desk, openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function expectFit(page: Page): Promise<void> {
  expect(await findViolations(page), page.url()).toEqual([]);
  expect(await isTooWide(page), page.url()).toBe(false);
}

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

test('the project is changed; bad input and a lost connection are said and lose nothing', async () => {
  const { page, at, context, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/settings'));
  await field(page, 'Programme name').fill('');
  await field(page, 'Name').fill('Nova <b>Reyes</b> {{ fan.name }}');
  await press(page, 'Save changes');
  await page.getByText('This is needed.').waitFor();
  expect(await field(page, 'Name').inputValue()).toBe('Nova <b>Reyes</b> {{ fan.name }}');
  await field(page, 'Programme name').fill('x'.repeat(50_000));
  await press(page, 'Save changes');
  await page.getByText('At most 60 characters.').waitFor();
  await expectFit(page);
  await field(page, 'Programme name').fill('Nova by the river');
  await field(page, 'Texts and mails together in a month').fill('9');
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);

  await context.setOffline(true);
  await press(page, 'Save changes');
  await page.getByRole('alert').waitFor();
  expect(await field(page, 'Programme name').inputValue()).toBe('Nova by the river');
  await context.setOffline(false);
  await press(page, 'Save changes');
  await page.getByText('Saved.').waitFor();
  // The header follows, and shows signs as signs.
  await page.getByRole('button', { name: 'Nova <b>Reyes</b> {{ fan.name }}' }).waitFor();
  const { items } = await stage.api('GET', '/audit?action=project.edited');
  expect(items[0].after).toEqual({
    name: 'Nova <b>Reyes</b> {{ fan.name }}',
    programme: 'Nova by the river',
    allChannelsCap: 9,
  });
  await expectFit(page);
  await field(page, 'Texts and mails together in a month').fill('');
  await press(page, 'Save changes');
  const limit = async () => (await stage.api('GET', '/audit?action=project.edited')).items[0].after;
  await expect.poll(limit).toEqual({ allChannelsCap: null });
});

test('what is typed stays when the page is read anew, and only that is saved', async () => {
  const { page, at, context } = await openDashboard(browser);
  await page.goto(at('/settings'));
  await field(page, 'Legal sender').fill('Nova Reyes GmbH');
  const other = await context.newPage();
  await other.goto(at('/settings'));
  await field(other, 'Contact for help').fill('help@novareyes.example');
  await press(other, 'Save changes');
  await other.getByText('Saved.').waitFor();
  await other.close();
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await press(page, 'Save changes');
  await page.getByText('Saved.').waitFor();
  expect(await field(page, 'Legal sender').inputValue()).toBe('Nova Reyes GmbH');
  await expect.poll(() => field(page, 'Contact for help').inputValue()).toBe('help@novareyes.example');
});

test('a project is made from the switcher, and the new one is where one is', async () => {
  const { page, at, stage } = await openDashboard(browser, { colorScheme: 'dark' });
  await page.goto(at('/flows'));
  await press(page, /Choose another project/);
  await page.getByRole('menuitem', { name: 'New project' }).waitFor();
  await expectFit(page);
  await page.getByRole('menuitem', { name: 'New project' }).click();
  const dialog = page.getByRole('dialog', { name: 'New project' });
  await expectFit(page);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Luna Vale');
  await dialog.getByRole('button', { name: 'Make the project' }).click();
  await page.waitForURL(`${stage.url}/@luna-vale/`);
  await page.goto(`${stage.url}/@luna-vale/settings/projects`);
  await page.getByRole('link', { name: 'Open Nova Reyes' }).waitFor();
  await expectFit(page);
  // The next visit begins where this one ended.
  await page.goto(stage.url);
  await expect.poll(() => page.url()).toBe(`${stage.url}/@luna-vale/`);
});

test('R118 the account says how far a STOP reaches', async () => {
  const { page, at, complaints } = await openDashboard(browser);
  await page.goto(at('/settings/projects'));
  const all = page.getByRole('radio', { name: 'every project of the account' });
  await page.getByRole('radio', { name: /same legal sender$/, checked: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await all.check();
  await page.getByText('It holds from the next STOP on.').waitFor();
  await page.reload();
  await page.getByRole('radio', { name: 'every project of the account', checked: true }).waitFor();
  expect(complaints).toEqual([]);
});

test('a key is shown once and works, until it is ended', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await page.goto(at('/settings/keys'));
  await press(page, 'New key');
  const dialog = page.getByRole('dialog', { name: 'New key' });
  await dialog.getByRole('checkbox', { name: /^Read everything/ }).uncheck();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByText('Choose at least one.').waitFor();
  await dialog.getByText('This is needed.').waitFor();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shop');
  await dialog.getByRole('checkbox', { name: /^Read everything/ }).check();
  await expectFit(page);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  const key = await dialog.getByRole('textbox', { name: 'Key' }).inputValue();
  await expectFit(page);
  const statusWith = async () => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${stage.url}/api/v1/flows`, { headers })).status;
  };
  expect(await statusWith()).toBe(200);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await press(page, 'End the key Shop');
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
  await page.getByText('The key “Shop” was ended.').waitFor();
  await expect.poll(statusWith, { timeout: 5_000 }).toBe(401);
  expect(await page.content()).not.toContain(key);
  await expectFit(page);
});

test('R91 a webhook is made, its secret shown once; what it was told can be read and sent again', async () => {
  const receiver = await startReceiver();
  receiver.answer({ status: 500, body: 'out of order' }, { status: 204 });
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/settings/webhooks'));
  await press(page, 'New webhook');
  const dialog = page.getByRole('dialog', { name: 'New webhook' });
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://10.0.0.1/hook');
  await dialog.getByRole('button', { name: 'Make the webhook' }).click();
  await dialog.getByText('It leads into a private network.').waitFor();
  await dialog.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
  await dialog.getByRole('radio', { name: 'Only some things' }).check();
  await dialog.getByRole('checkbox', { name: /^A fan texted a keyword/ }).check();
  await expectFit(page);
  await dialog.getByRole('button', { name: 'Make the webhook' }).click();
  const secret = await dialog.getByRole('textbox', { name: 'Secret' }).inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await stage.text(phones.unknown, 'presave');
  await expect.poll(() => receiver.received.map((one) => isSignedBy(secret, one))).toContain(true);

  await page.getByRole('link', { name: receiver.url }).click();
  await press(page, 'Details: A fan texted a keyword');
  const delivery = page.getByRole('dialog', { name: 'A fan texted a keyword' });
  await delivery.getByText('out of order').waitFor();
  await delivery.getByText(phones.unknown).waitFor();
  await expectFit(page);
  await delivery.getByRole('button', { name: 'Send again' }).click();
  await delivery.getByText('204').waitFor();
  await page.keyboard.press('Escape');
  await expectFit(page);
  await press(page, 'New secret');
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  expect(await page.getByRole('dialog').getByRole('textbox', { name: 'Secret' }).inputValue()).not.toBe(
    secret,
  );
  await press(page, 'Done');
  await press(page, 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
});

test('R90 the log says in words who did what, and is narrowed by what its address says', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/settings/keys'));
  await press(page, 'New key');
  await field(page, 'Name').fill('Shop');
  await press(page, 'Make the key');
  await press(page, 'Done');
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  const log = page.getByRole('table', { name: 'Log' });
  await log.getByText('made an API key: Shop').waitFor();
  await log.getByText('made a flow').waitFor();
  await page.getByRole('combobox', { name: 'Show' }).click();
  await page.getByRole('option', { name: 'API keys' }).click();
  await log.getByText('made a flow').waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('action')).toBe('key');
  await press(page, 'Details: made an API key');
  await page
    .getByRole('dialog')
    .getByRole('row', { name: /scopes/ })
    .waitFor();
  await expectFit(page);
  await page.keyboard.press('Escape');
  await page.goto(at('/settings/log?action=segment'));
  await page.getByRole('heading', { name: 'Nothing in the log matches' }).waitFor();
  await press(page, 'Show everything');
  await log.getByText('made a flow').waitFor();
  await expectFit(page);
});

test.each(['light', 'dark'] as const)(
  'every tab fits a phone and is without fault (%s)',
  async (colorScheme) => {
    const { page, at, context, complaints } = await openDashboard(browser, { ...phone, colorScheme });
    onTestFinished(() => context.close());
    for (const place of ['', '/people', '/keys', '/webhooks', '/log', '/projects', '/you']) {
      await page.goto(at(`/settings${place}`));
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0);
      await expectFit(page);
    }
    expect(complaints).toEqual([]);
  },
);

test('a second factor: scanned, confirmed, asked for at the next sign-in, and a recovery code instead', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/settings/you'));
  await field(page, 'E-mail').fill('mara@example.com');
  await page.getByLabel('New password').fill('seven quiet harbours');
  await press(page, 'Set the password');
  await press(page, 'Switch it on');
  await page.getByLabel('Your password').fill('seven quiet harbours');
  await press(page, 'Next');
  const secret = await field(page, 'Key to enter by hand').inputValue();
  const recovery = (await page.getByRole('dialog').getByRole('listitem').first().textContent()) ?? '';
  await field(page, 'Code from the app').fill(await codeOf(secret));
  await press(page, 'Switch on');
  await page.getByText('On. Signing in takes a code from your app.').waitFor();

  const { page: elsewhere, context } = await openContext(browser, desk);
  onTestFinished(() => context.close());
  await elsewhere.goto(at('/flows'));
  await field(elsewhere, 'E-mail').fill('mara@example.com');
  await elsewhere.getByLabel('Password', { exact: true }).fill('seven quiet harbours');
  await press(elsewhere, 'Sign in');
  await field(elsewhere, 'Code').waitFor();
  await expectFit(elsewhere);
  await press(elsewhere, 'Use a recovery code');
  await field(elsewhere, 'Recovery code').fill(recovery);
  await press(elsewhere, 'Continue');
  await elsewhere.getByRole('heading', { name: 'Flows', level: 1 }).waitFor();
  expect(elsewhere.url()).toBe(at('/flows'));
});

/** What an authenticator app shows now (RFC 6238: SHA-1, 30 seconds, six digits). */
async function codeOf(secret: string): Promise<string> {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = secret
    .replaceAll('=', '')
    .split('')
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000)));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = mac.getUint8(19) & 15;
  return String((mac.getUint32(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('R4 A7 a smaller plan says what it pauses before it does; what it lacks is said where it is met', async () => {
  const { page, at, stage } = await openDashboard(browser);
  const texting = (word: string) => ({
    name: `Text ${word}`,
    trigger: { trigger: 'keyword', config: { keywords: [word] } },
    steps: [{ step: 'send-text', config: { body: 'hi' } }],
  });
  const { items: before } = await stage.api('GET', '/flows?state=active');
  for (const { id } of before) await stage.api('POST', `/flows/${id}/pause`);
  for (const word of ['OLDER', 'NEWER']) {
    const { id } = await stage.api('POST', '/flows', texting(word));
    await stage.api('POST', `/flows/${id}/activate`);
  }
  await page.goto(at('/settings/plan'));
  await page.getByRole('heading', { name: 'Your plan is Self-hosted' }).waitFor();
  await expectFit(page);
  await press(page, 'Change to Basic');
  const dialog = page.getByRole('dialog', { name: 'Change the plan to Basic?' });
  await dialog.getByText('This pauses 1 flow.').waitFor();
  await dialog.getByText('Text NEWER').waitFor();
  await expectFit(page);
  await dialog.getByRole('button', { name: 'Change to Basic' }).click();
  await page.getByText('1 of 1 flow', { exact: true }).waitFor();
  await page.setViewportSize(phone.viewport);
  await expectFit(page);
  await page.setViewportSize(desk.viewport);

  // The paused one says why, and that there is no room, before anybody asks for it.
  await page.getByRole('link', { name: 'Text NEWER' }).click();
  await page.getByText('Paused: the plan has room for fewer flows').waitFor();
  await page
    .getByText('The plan Basic has 1 active flow, and all of them are taken.', { exact: false })
    .waitFor();
  await press(page, 'Add a step');
  await page.getByText('The plan Basic has 1 step in a flow.', { exact: false }).waitFor();
  await page.keyboard.press('Escape');
  await press(page, 'Start again');
  const start = page.getByRole('dialog').getByRole('button', { name: 'Start again' });
  await expect.poll(() => start.isDisabled()).toBe(true);
  await expectFit(page);
  await page.goto(at('/flows/new'));
  const trigger = page.getByRole('button', { name: /Not in the plan Basic/ });
  await trigger.first().waitFor();
  expect(await trigger.count()).toBe(3);
  expect(await trigger.first().isDisabled()).toBe(true);
  await expectFit(page);
});

test('all sending is stopped by one button, said on every page, and allowed again', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/settings'));
  await press(page, 'Stop all sending');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop all sending' }).click();
  const notice = page.getByRole('status').filter({ hasText: 'All sending is stopped. What waits is held.' });
  await notice.waitFor();
  await expectFit(page);
  await page.goto(at(''));
  await notice.waitFor();
  await stage.text(phones.unknown, 'presave');
  expect(await stage.got(phones.unknown)).toEqual([]);
  const wide = page.viewportSize() ?? phone.viewport;
  await page.setViewportSize(phone.viewport);
  await expectFit(page);
  await page.setViewportSize(wide);
  await press(page, 'Allow sending again');
  await page.getByRole('dialog').getByRole('button', { name: 'Allow sending again' }).click();
  await notice.waitFor({ state: 'hidden' });
  await expect.poll(async () => (await stage.got(phones.unknown)).length).toBe(1);
  expect(complaints).toEqual([]);
});
