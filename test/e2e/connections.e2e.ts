import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('connections are listed with their state; one says where its provider calls and how mails fare; off and on', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/connect'));
  const list = page.getByRole('table', { name: 'Connections' });
  await list.getByRole('link', { name: 'Demo number' }).waitFor();
  await list.getByRole('link', { name: 'Demo e-mail' }).click();
  await page.getByRole('heading', { name: 'Whether mails arrive' }).waitFor();
  await page.getByText('hello@mail.example').first().waitFor();
  expect(await page.getByRole('textbox', { name: 'Webhook URL' }).inputValue()).toMatch(
    /\/webhooks\/postmark\//,
  );
  expect(await page.content()).not.toContain('sandbox-server-token');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Switched off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Ready', { exact: true }).waitFor();
});

test('a connection is tested at a press, says what the provider answered, and when it was heard last', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at('/connect'));
  await page.getByRole('link', { name: 'Demo number' }).click();
  const health = page.getByRole('region', { name: 'Health' });
  await health.getByText('Waits for the provider').waitFor();
  await health.getByRole('button', { name: 'Test it now' }).click();
  await page.getByText('The provider answers: it works.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await stage.fault('twilio', 'error', 1);
  await health.getByRole('button', { name: 'Test it now' }).click();
  await page.getByText(/^It does not work: /).waitFor();
  await stage.text(phones.unknown, 'hello');
  await page.reload();
  await health.getByText('Heard from the provider').waitFor();
  await expect.poll(() => health.getByText('Not yet').count()).toBe(0);
  // Of a streaming app also who signed in through it.
  await page.goto(at('/connect'));
  await page
    .getByRole('table', { name: 'Connections' })
    .getByRole('link', { name: 'Demo app' })
    .first()
    .click();
  await health.getByText('Fans signed in').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a provider is connected by its own form, with its help beside; a wrong value is said at its field', async () => {
  const { page, at, stage } = await openDashboard(browser);
  await page.goto(at('/connect'));
  await page.getByRole('link', { name: 'Connect something' }).click();
  await page.getByRole('button', { name: 'SMTP' }).click();
  await page.getByText('Mails leave this machine encrypted only').first().waitFor();
  const server = page.getByRole('textbox', { name: 'Server' });
  await expect.poll(() => server.inputValue()).toBe('smtp.mail.example');
  await server.fill('mail.luna.example');
  await page.getByRole('textbox', { name: 'From address' }).fill('nobody');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('Write one address, as in hello@yourdomain.com.').waitFor();
  expect(await page.getByRole('textbox', { name: 'Server' }).inputValue()).toBe('mail.luna.example');
  await page.getByRole('textbox', { name: 'From address' }).fill('hello@luna.example');
  await page.getByLabel('Password', { exact: true }).fill('a secret of mine');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'SMTP', level: 1 }).waitFor();
  await page.getByText('hello@luna.example').first().waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Our server');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Our server', level: 1 }).waitFor();
  const { items } = await stage.api('GET', '/connections');
  const made = (items as { label: string }[]).find(({ label }) => label === 'Our server');
  expect(made).toMatchObject({ connector: 'smtp', webhookUrl: null, secretsSet: ['password'] });
  expect(JSON.stringify(items)).not.toContain('a secret of mine');
});

test('R127 S9 a second carrier with a German number: a phone in Germany is answered from it, whatever number it texts', async () => {
  const { page, at, stage } = await openDashboard(browser);
  // As a project begins: the countries of its own numbers.
  await stage.api('PUT', `/projects/${String(stage.demo['projectId'])}`, { countries: [] });
  await page.goto(at('/connect/new?provider=telnyx'));
  await page.getByText('Telnyx itself answers STOP').first().waitFor();
  await page.getByRole('button', { name: 'Add another' }).click();
  await page.getByRole('textbox', { name: 'Number', exact: true }).nth(1).fill('4915112345670');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('Write the number with + and country code').waitFor();
  await page.getByRole('textbox', { name: 'Number', exact: true }).nth(1).fill('+4915112345670');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'Telnyx', level: 1 }).waitFor();
  const enter = page.getByRole('button', { name: 'Enter the keywords there' });
  await enter.click();
  // The demo's flow listens on the other number alone.
  await page.getByText('No active flow is started by a keyword on these numbers.').waitFor();

  await page.getByRole('button', { name: 'Sandbox', exact: true }).click();
  const dock = page.getByRole('complementary', { name: 'Sandbox: the fans’ side' });
  await dock.getByText('In Germany').click();
  await dock.getByRole('button', { name: 'PRESAVE', exact: true }).click();
  await dock
    .getByText(/Delivered.* · from \+4915112345670/)
    .first()
    .waitFor();
  await dock.getByRole('combobox', { name: 'Number to text' }).selectOption('+4915112345670');
  await dock.getByRole('button', { name: 'HELP', exact: true }).click();
  await dock.getByText(/ · to \+4915112345670/).waitFor();
  await dock.getByText('Text STOP to leave. Message and data rates may apply.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
});
