import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, openContext, phone, type Watched } from './chromium.ts';
import { desk, openDashboard, type Dashboard } from './dashboard.ts';
import { phones, type Json } from '../situations/stage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const rows = ({ page }: Dashboard) =>
  page
    .getByRole('table', { name: 'Fans' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') });

/** Somebody whom the owner invited only to look, in a browser of her own. */
async function openAsViewer({ context: owner, stage }: Dashboard): Promise<Watched> {
  const invited = await owner.request.post(`${stage.url}/api/v1/invitations`, {
    headers: { 'segue-project': String(stage.demo['projectId']) },
    data: { role: 'viewer' },
  });
  const { url } = (await invited.json()) as { url: string }; // As: what the door answers.
  const viewer = await openContext(browser, desk);
  onTestFinished(() => viewer.context.close());
  await viewer.page.goto(url);
  await viewer.page.getByRole('textbox', { name: 'Name' }).fill('Vic Viewer');
  await viewer.page.getByRole('textbox', { name: 'E-mail' }).fill('vic@example.com');
  await viewer.page.getByLabel('New password').fill('seven quiet harbours');
  await viewer.page.getByRole('button', { name: 'Join' }).click();
  await viewer.page.getByRole('navigation', { name: 'Places' }).waitFor();
  return viewer;
}

test('fans are found by name, number, segment and what they agreed to; what is looked for stands in the address', async () => {
  const dashboard = await openDashboard(browser);
  const { page, at, stage, complaints } = dashboard;
  await stage.text(phones.unknown, 'presave');
  await page.goto(at('/fans'));
  await page.getByRole('link', { name: '+1 303 555 0142' }).waitFor();
  const all = await rows(dashboard).count();
  expect(all).toBeGreaterThan(2);
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('searchbox', { name: 'Name, number or e-mail' }).fill('Halloran');
  await page.waitForURL(/\?q=Halloran$/);
  await page.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  await expect.poll(() => rows(dashboard).count()).toBe(1);
  await page.reload();
  await page.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  expect(await rows(dashboard).count()).toBe(1);

  await page.getByRole('searchbox').fill('(303) 555-0142');
  await page.getByRole('link', { name: '+1 303 555 0142' }).waitFor();
  await page.getByRole('searchbox').fill('nobody has this name');
  await page.getByRole('heading', { name: 'No fan fits' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect.poll(() => rows(dashboard).count()).toBe(all);
  expect(await page.getByRole('searchbox').inputValue()).toBe('');

  await page.getByRole('combobox', { name: 'Segment' }).click();
  await page.getByRole('option', { name: /^New Fans/ }).click();
  await page.waitForURL(/\?segment=/);
  await page.getByRole('combobox', { name: 'Linked service' }).click();
  await page.getByRole('option', { name: 'Spotify' }).click();
  await page.waitForURL(/service=spotify/);
  await page.getByRole('combobox', { name: 'Agreed to' }).click();
  await page.getByRole('option', { name: 'Mails' }).click();
  await page.waitForURL(/consent=email/);
  await page.getByRole('button', { name: 'Clear: Linked service' }).click();
  await page.waitForURL((url) => !url.search.includes('service'));
  expect(complaints).toEqual([]);
});

test('many fans come a page at a time, and a list that could not be loaded says so and is asked for again', async () => {
  const dashboard = await openDashboard(browser);
  const { page, at, stage } = dashboard;
  for (let n = 0; n < 55; n++) {
    await stage.api('POST', '/events', {
      type: 'sms.opted_in',
      subject: {},
      fan: { phone: `+1415555${String(n).padStart(4, '0')}` },
      idempotencyKey: `fan-${n}`,
    });
  }
  let isDown = true;
  await page.route('**/api/v1/fans?**', (route) => (isDown ? route.abort() : route.continue()));
  await page.route('**/api/v1/fans', (route) => (isDown ? route.abort() : route.continue()));
  await page.goto(at('/fans'));
  await page.getByRole('table', { name: 'Fans: Loading' }).waitFor();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('The server may be restarting');
  isDown = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await rows(dashboard).first().waitFor();
  expect(await rows(dashboard).count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => rows(dashboard).count()).toBeGreaterThan(55);
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
});

test('R40 a fan who stops: her page says so without a reload, with the words she had agreed to', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  await stage.text(phones.unknown, 'presave');
  await page.goto(at('/fans'));
  await page.getByRole('link', { name: '+1 303 555 0142' }).click();
  await page.getByRole('heading', { level: 1, name: '+1 303 555 0142' }).waitFor();
  const reach = page.getByRole('region', { name: 'How to reach this fan' });
  await reach.getByText('Agreed on').waitFor();
  const happened = page.getByRole('region', { name: 'Everything that happened' });
  await happened.getByText('presave', { exact: true }).waitFor();
  await happened.getByText('Allowed saving Midnight Ferry').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await stage.text(phones.unknown, 'STOP');
  await reach.getByText('Stopped with “STOP”').waitFor({ timeout: 15_000 });
  await happened.getByText('Stopped texts with “STOP”').waitFor();
  const agreements = page.getByRole('region', { name: 'Agreements' });
  await agreements.getByText('No agreement holds.').waitFor();
  await agreements.getByText('Ended with “STOP”').waitFor();
  await agreements.getByText('The words that were shown').click();
  await agreements.getByText(/By texting PRESAVE you agree/).waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Data of this fan' }).click();
  await page.getByRole('menuitem', { name: 'Why was this fan texted?' }).click();
  await page.getByRole('heading', { level: 1, name: 'Why was this fan texted?' }).waitFor();
  await page
    .getByRole('article')
    .getByText(/By texting PRESAVE you agree/)
    .waitFor();
  await page.getByText('Permitted by: agreed to it (1)').waitFor();
  await page.getByRole('region', { name: 'When the fan said stop' }).getByText('“STOP”').waitFor();
  expect(await findViolations(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  const kept = JSON.parse(await readFile(await (await download).path(), 'utf8')) as Json; // As: see Json.
  expect(kept['optOuts']).toMatchObject([{ word: 'STOP' }]);
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('navigation', { name: 'Places' }).waitFor({ state: 'hidden' });
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize(phone.viewport);
  expect(await isTooWide(page)).toBe(false);
  await page.setViewportSize(desk.viewport);

  await page.getByRole('link', { name: 'Fans', exact: true }).click();
  const row = page.getByRole('row', { name: /\+1 303 555 0142/ });
  await row.getByText('stopped texts').waitFor();
  expect(complaints).toEqual([]);
});

test('a fan is given a name, put into a segment that is made on the way, and taken out again', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const { id } = await stage.fan(phones.connected);
  await page.goto(at(`/fans/${id}`));
  await page.getByRole('heading', { level: 1, name: 'Ines Halloran' }).waitFor();
  const links = page.getByRole('region', { name: 'Linked services' });
  await links.getByText(/^until /).waitFor();

  await page.getByRole('combobox', { name: 'Add to a segment' }).fill('Street team');
  await page.getByRole('option', { name: 'Make the segment “Street team”' }).click();
  const segments = page.getByRole('region', { name: 'Segments' });
  await segments.getByRole('link', { name: 'Street team' }).waitFor();
  await segments.getByRole('button', { name: 'Take out of “Street team”' }).click();
  await segments.getByRole('link', { name: 'Street team' }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit the fan' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('<b>Ines</b> {{fan.name}}');
  await dialog.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Spanish' }).click();
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: '<b>Ines</b> {{fan.name}}' }).waitFor();
  await page.getByText('written to in Spanish').waitFor();
  expect((await stage.fan(phones.connected))['name']).toBe('<b>Ines</b> {{fan.name}}');
  expect(complaints).toEqual([]);
});

test('a number that belongs to somebody else now is taken off the fan, after a question', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const { id } = await stage.fan(phones.connected);
  await page.goto(at(`/fans/${id}`));
  const reach = page.getByRole('region', { name: 'How to reach this fan' });
  await reach.getByRole('button', { name: 'Not her number any more' }).click();
  const passing = page.getByRole('dialog', { name: /^Does .* belong to somebody else now\?$/ });
  expect(await findViolations(page)).toEqual([]);
  await passing.getByRole('button', { name: 'Not her number any more' }).click();
  await page.getByText('The number is off this fan.').waitFor();
  await reach.getByRole('button', { name: 'Not her number any more' }).waitFor({ state: 'detached' });
  await stage.text(phones.connected, 'hello');
  expect((await stage.fan(phones.connected))['id']).not.toBe(id);
  expect(complaints).toEqual([]);
});

test('R40 a fan who asked in person is stopped by hand, after a question, and only for the channel she meant', async () => {
  const { page, at, stage, complaints } = await openDashboard(browser);
  const { id } = await stage.fan(phones.connected);
  await page.goto(at(`/fans/${id}`));
  const reach = page.getByRole('region', { name: 'How to reach this fan' });
  await reach.getByRole('button', { name: 'Stop texts' }).click();
  const question = page.getByRole('dialog', { name: 'Stop texts to Ines Halloran?' });
  expect(await findViolations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Stop texts' }).click();
  await reach.getByText('Stopped by hand').waitFor();
  await page.getByText('Stopped texts by hand').waitFor();
  expect(await reach.getByRole('button', { name: 'Stop texts' }).count()).toBe(0);
  expect(await reach.getByRole('button', { name: 'Stop mails' }).count()).toBe(1);
  expect((await stage.fan(phones.connected))['optOuts']).toMatchObject([{ channel: 'sms', word: 'by hand' }]);
  expect(await stage.got(phones.connected)).toEqual([]);

  // R86: all of it as a file, and its end, which has to be typed.
  await page.getByRole('button', { name: 'Data of this fan' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download everything' }).click();
  const text = await readFile(await (await file).path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ fan: { name: 'Ines Halloran' }, optOuts: [{ word: 'by hand' }] });
  await page.getByRole('button', { name: 'Data of this fan' }).click();
  await page.getByRole('menuitem', { name: 'Erase this fan' }).click();
  const erase = page.getByRole('dialog', { name: 'Erase Ines Halloran?' });
  await erase.getByRole('textbox', { name: 'Type ERASE to mean it' }).fill('yes');
  await erase.getByRole('button', { name: 'Erase for good' }).click();
  await erase.getByText('Type ERASE to confirm.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await erase.getByRole('textbox').fill('ERASE');
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
  await erase.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('The fan was erased.').waitFor();
  await page.waitForURL(/\/fans$/);
  await expect(stage.fan(phones.connected)).rejects.toThrow('nobody');
});

test('on a phone in the dark a fan and the list of fans fit the screen; who is not there is said to be not there', async () => {
  const { page, at, stage } = await openDashboard(browser, { ...phone, colorScheme: 'dark' });
  await stage.text(phones.connected, 'presave');
  await page.goto(at('/fans'));
  await page.getByRole('link', { name: 'Ines Halloran' }).click();
  await page.getByText('Texted').first().waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  await page.goto(at('/fans'));
  await page.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await findViolations(page)).toEqual([]);
  await page.goto(at('/fans/01900000-0000-7000-8000-000000000000'));
  await page.getByText('There is no such fan.').waitFor();
  expect(await findViolations(page)).toEqual([]);
});

test('R89 who may only look sees no address, finds fans by name only, and is offered nothing to change', async () => {
  const dashboard = await openDashboard(browser);
  await dashboard.stage.text(phones.connected, 'presave');
  const { id } = await dashboard.stage.fan(phones.connected);
  const { page, complaints } = await openAsViewer(dashboard);
  await page.goto(dashboard.at('/fans?q=halloran'));
  await page.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  expect(await page.getByRole('searchbox', { name: 'Name', exact: true }).inputValue()).toBe('halloran');
  await page.goto(dashboard.at('/fans?q=5125550187'));
  await page.getByRole('heading', { name: 'No fan fits' }).waitFor();

  await page.goto(dashboard.at(`/fans/${id}`));
  await page.getByRole('heading', { level: 1, name: 'Ines Halloran' }).waitFor();
  await page.getByText('Texted').first().waitFor();
  const seen = await page.getByRole('main').innerText();
  expect(seen).not.toMatch(/512 ?555 ?0187/);
  expect(seen).not.toContain('ines@');
  expect(await page.getByRole('button', { name: /Edit|Stop/ }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Add to a segment' }).count()).toBe(0);
  expect(await findViolations(page)).toEqual([]);
  await page.goto(dashboard.at('/segments'));
  await page.getByRole('link', { name: 'New Fans' }).click();
  await page.getByRole('link', { name: 'Ines Halloran' }).waitFor();
  expect(await page.getByRole('button', { name: /Take out|Rename|Delete/ }).count()).toBe(0);
  expect(complaints).toEqual([]);
});
