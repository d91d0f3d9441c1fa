import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { findViolations, isTooWide, launchChromium, openContext, phone } from './chromium.ts';
import { openDashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const denver = 'America/Denver';
const day = 24 * 60 * 60_000;

test('a fan signs up on a page, connects, pre-saves, has the album on release day and hears of it in the morning; she leaves, and nothing more is sent or saved', async () => {
  const { stage } = await openDashboard(browser);
  await stage.advanceTo(denver, '14:00');
  const message = {
    saved: '{{ release.title }} is in your library.',
    accepted: 'on its way',
    reminded: 'out now: {{ links.connect }}',
    failed: 'did not work: {{ links.connect }}',
  };
  const releaseId = String(stage.demo['releaseId']);
  await stage.api('PUT', `/releases/${releaseId}/message`, { text: message, mail: null });
  const { page, context, complaints } = await openContext(browser, phone);

  // She signs up for texts on the artist's page; the box is hers to tick.
  await page.goto(`${stage.url}/p/nova-reyes`);
  const agree = page.getByRole('checkbox', { name: /^Yes, send me recurring/ });
  expect(await agree.isChecked()).toBe(false);
  await page.getByRole('textbox', { name: 'Your number' }).fill('(303) 555-0142');
  await agree.check();
  // Faster than that nobody reads and types.
  await page.waitForTimeout(2_100);
  await page.getByRole('button', { name: 'Send me texts' }).click();
  await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await stage.idle();
  // R39: it would ride in a flow's text; none came in ten seconds, so it goes alone.
  await stage.advance(15_000);
  expect(await stage.got(phones.unknown)).toEqual([expect.stringMatching(/^Nova Reyes: .*STOP/)]);

  // The link in the answer to her keyword leads to her own page; there she connects.
  await stage.text(phones.unknown, 'presave');
  const link = /https?:\/\/\S+\/s\/\w+/.exec((await stage.got(phones.unknown)).at(-1) ?? '')?.[0] ?? '';
  await page.goto(link);
  await page.getByRole('button', { name: /^Continue with Spotify/ }).click();
  await page.getByRole('radio', { name: 'Mara Lindqvist' }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('Pre-saved on Spotify').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await stage.idle();
  expect((await stage.library('mara-lindqvist')).saved).toEqual([]);

  // Release day: the album at midnight, the text in her morning.
  const [stop] = (
    (await stage.sandbox('GET', '/clock/stops'))['items'] as { id: string; at: string }[]
  ).filter(({ id }) => id === 'release');
  const texts = (await stage.got(phones.unknown)).length;
  await stage.advance(Date.parse(stop?.at ?? '') - (await stage.now()).getTime() + 1_000);
  expect((await stage.library('mara-lindqvist')).saved).toHaveLength(1);
  expect(await stage.got(phones.unknown)).toHaveLength(texts);
  await page.reload();
  await page.getByText('In your Spotify library').waitFor();
  await stage.advanceTo(denver, '14:00');
  const after = await stage.got(phones.unknown);
  expect(after).toHaveLength(texts + 1);
  expect(after.at(-1)).toContain('Midnight Ferry is in your library.');

  // She leaves: all of it, by one button on her own page.
  await page.getByRole('link', { name: /^Your page/ }).click();
  await page.getByRole('button', { name: 'Stop everything' }).click();
  await page.getByText('Everything is stopped.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await stage.idle();
  const left = await stage.got(phones.unknown);
  const fan = await stage.fan(phones.unknown);
  expect(fan['consents']).toEqual([expect.objectContaining({ revokedAt: expect.any(String) })]);
  await stage.api('POST', '/events', {
    type: 'sms.keyword',
    fan: { phone: phones.unknown },
    subject: { keyword: 'presave' },
    idempotencyKey: 'after she left',
  });
  await stage.advance(40 * day);
  expect(await stage.got(phones.unknown)).toEqual(left);
  expect((await stage.library('mara-lindqvist')).saved).toHaveLength(1);
  expect(complaints).toEqual([]);
  await context.close();
});

test('who listens elsewhere taps the last button, takes the date along or is reminded by text on the day; the pages fit a phone in the dark', async () => {
  const { stage } = await openDashboard(browser);
  await stage.advanceTo(denver, '14:00');
  const releaseId = String(stage.demo['releaseId']);
  const message = {
    saved: 'saved',
    accepted: 'on its way',
    reminded: 'out now: {{ links.connect }}',
    failed: 'no',
  };
  await stage.api('PUT', `/releases/${releaseId}/message`, { text: message, mail: null });
  const { page, complaints } = await openContext(browser, { ...phone, colorScheme: 'dark' });
  await page.goto(`${stage.url}/p/nova-reyes`);
  await page.getByRole('link', { name: 'I use something else, just remind me' }).click();
  await page.getByRole('heading', { level: 1, name: 'A reminder' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Put the date in your calendar' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ics$/);

  await page.getByRole('textbox', { name: 'Your number' }).fill('(303) 555-0142');
  await page.getByRole('checkbox', { name: /^Yes, send me recurring/ }).check();
  // Faster than that nobody reads and types.
  await page.waitForTimeout(2_100);
  await page.getByRole('button', { name: 'Send me texts' }).click();
  await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  await stage.idle();
  await stage.advance(15_000);
  expect(await stage.got(phones.unknown)).toHaveLength(1);
  await stage.advance(12 * day);
  await stage.advanceTo(denver, '14:00');
  const texts = await stage.got(phones.unknown);
  expect(texts).toHaveLength(2);
  expect(texts.at(-1)).toContain('out now');
  expect(complaints).toEqual([]);
});
