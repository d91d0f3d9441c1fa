import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { phones, startStage } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, openContext } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('a mail is drawn into a flow: its form, what will happen, how it reads; and it is kept', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await page.goto(at(`/flows/${String(stage.demo['flowId'])}`));
  await page.getByRole('button', { name: 'Add a step' }).last().click();
  await page.getByRole('button', { name: /Send an e-mail/ }).click();
  const form = page.getByRole('region', { name: /^Settings: / });
  await form.getByRole('textbox', { name: 'Subject' }).fill('A letter from {{ artist.name }}');
  await form.getByRole('textbox', { name: 'Text' }).fill('Hi,\n\n# Tonight\n\n[Open]({{ links.connect }})');
  const preview = page.getByText('A letter from Nova Reyes', { exact: true });
  await preview.waitFor();
  const outlook = page.getByRole('list', { name: 'What will happen' });
  await outlook.getByText('Fans who agreed to mails: goes out at once, from hello@mail.example.').waitFor();
  await page.getByText('412 Harbor Street, Portland, OR 97205').waitFor();
  await page.getByRole('radiogroup', { name: 'How it is shown' }).getByText('As plain text').click();
  await page.getByText(/^Hi,\s+Tonight\s+Open: /).waitFor();
  await page.getByText('Saved', { exact: true }).first().waitFor();
  const flow = await stage.api('GET', `/flows/${String(stage.demo['flowId'])}`);
  expect(flow['steps'].at(-1)).toMatchObject({
    step: 'send-email',
    config: { subject: 'A letter from {{ artist.name }}' },
  });
  expect(await findViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('the page behind a mail’s link asks first, unsubscribes by one tap, and takes it back', async () => {
  const stage = await startStage();
  const step = { step: 'send-email', config: { subject: 'Hi', body: 'Hi' } };
  const trigger = { trigger: 'keyword', config: { keywords: ['LETTER'], mode: 'reply' } };
  const { id } = await stage.api('POST', '/flows', { name: 'Mail', trigger, steps: [step] });
  await stage.api('POST', `/flows/${String(id)}/activate`);
  await stage.text(phones.connected, 'letter');
  const [mail] = await stage.mails('ines@halloran.example');
  const link = /Unsubscribe: (http\S+)/.exec(String(mail?.['text']))?.[1] ?? '';
  const { page, context, complaints } = await openContext(browser);
  onTestFinished(() => context.close());
  await page.goto(`${stage.url}/sandbox/mailbox/${String(stage.demo['projectId'])}/${String(mail?.['id'])}`);
  await page.getByText('Hi', { exact: true }).waitFor();
  await page.goto(link);
  await page.getByText('Stop mails from Nova Reyes to i…@halloran.example?').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  const consents = async () =>
    ((await stage.fan(phones.connected))['consents'] as Record<string, unknown>[]).filter(
      (one) => one['channel'] === 'email' && one['revokedAt'] === null,
    );
  expect(await consents()).toEqual([]);
  await page.getByRole('button', { name: /subscribe again/ }).click();
  await page.getByRole('heading', { name: 'You are subscribed again' }).waitFor();
  expect(await consents()).toHaveLength(1);
  expect(complaints).toEqual([]);
});
