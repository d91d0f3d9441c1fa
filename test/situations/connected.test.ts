import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { dayIn } from './local-time.ts';
import { presaveLater, releaseDay } from './releases.ts';
import { day, hour, losAngeles, phones, startStage, type Json, type Stage } from './stage.ts';

const artist = 'spotify:artist:1N0vaReyesArtistPage01';
const album = 'spotify:album:5Qn0vaReyesMidnightFry';
const ranOut = [
  '1 presave (spotify) deferred: grant_dead',
  '2 follow-artist (spotify) deferred: grant_dead',
  '3 add-to-segment done',
  '4 send-text done',
];
const mended = [
  '1 presave (spotify) done: scheduled',
  '2 follow-artist (spotify) done',
  '3 add-to-segment done',
  '4 send-text done',
];

async function toRelease(stage: Stage, releaseId = stage.demo['releaseId'] as string): Promise<void> {
  const { releaseAt } = await stage.api('GET', `/releases/${releaseId}`);
  await stage.advance(Date.parse(String(releaseAt)) + 1_000 - (await stage.now()).getTime());
}

test('S3 (R100, R103, R54) a connected fan whose purposes cover it: all four done, the text says what was done, and Undo works', async () => {
  const stage = await startStage();
  await stage.text(phones.connected, 'presave');

  expect(await stage.outcomes(phones.connected)).toEqual(mended);
  const texts = await stage.got(phones.connected);
  const date = await releaseDay(stage);
  expect(texts).toEqual([
    `Nova Reyes: done! Midnight Ferry is set to land in your Spotify on ${date} and you follow me there. Undo: ${linkIn(texts[0] ?? '')}`,
  ]);
  expect(await stage.library('ines-halloran')).toEqual({ saved: [], following: [artist] });

  const page = await stage.open(linkIn(texts[0] ?? ''));
  expect(page.text).toContain('Pre-saved on Spotify');
  await stage.undo(await stage.undo(page, 'save'), 'follow');
  expect(await stage.library('ines-halloran')).toEqual({ saved: [], following: [] });
  await toRelease(stage);
  expect((await stage.library('ines-halloran')).saved).toEqual([]);
  expect((await stage.outcomes(phones.connected))[0]).toBe('1 presave (spotify) skipped: cancelled');
});

test('S4 (R54, R59) a link that is known to have run out: streaming waits, one tap mends it, then both are done', async () => {
  const stage = await startStage();
  await stage.calls('spotify');
  await stage.text(phones.ranOut, 'presave');

  expect(await stage.outcomes(phones.ranOut)).toEqual(ranOut);
  const [text = '', ...others] = await stage.got(phones.ranOut);
  expect(others).toEqual([]);
  expect(text).toBe(
    `Nova Reyes: your Spotify link ran out, so Midnight Ferry is not set yet. One tap fixes it: ${linkIn(text)}`,
  );
  expect(await stage.calls('spotify')).toEqual([]);

  expect((await stage.open(linkIn(text))).text).toContain('Your Spotify link ran out');
  await stage.connect(text, 'teo-marchetti');
  await stage.idle();
  expect(await stage.outcomes(phones.ranOut)).toEqual(mended);
  await toRelease(stage);
  expect(await stage.library('teo-marchetti')).toEqual({ saved: [album], following: [artist] });
  expect(await stage.got(phones.ranOut)).toHaveLength(1);
});

test('S5 (R103, R59) a link that has died without our knowing: found out before anything is claimed, then as S4', async () => {
  const stage = await startStage();
  await stage.advance(25 * hour);
  await stage.sandbox('POST', '/spotify/revoke', { user: 'ines-halloran' });
  await stage.calls('spotify');
  await stage.text(phones.connected, 'presave');

  expect(await stage.outcomes(phones.connected)).toEqual(ranOut);
  // One refresh told it; nothing was tried a second time.
  expect(await stage.calls('spotify')).toEqual(['POST /api/token']);
  const [text = '', ...others] = await stage.got(phones.connected);
  expect(others).toEqual([]);
  expect(text).toBe(
    `Nova Reyes: your Spotify link ran out, so Midnight Ferry is not set yet. One tap fixes it: ${linkIn(text)}`,
  );
  expect((await stage.fan(phones.connected))['grants']).toMatchObject([{ state: 'expired' }]);

  await stage.connect(text, 'ines-halloran');
  await stage.idle();
  expect(await stage.outcomes(phones.connected)).toEqual(mended);
  await toRelease(stage);
  expect(await stage.library('ines-halloran')).toEqual({ saved: [album], following: [artist] });
});

test('S6 (R103, R58) a link that ends before the release: scheduled, the text says until when, asked once; a renewed link keeps it (asking again inside 30 days comes with the messages of grant.expiring)', async () => {
  const stage = await startStage();
  const { grants } = await stage.fan(phones.connected);
  const [grant] = grants as Json[];
  const diesAt = new Date(String(grant?.['diesAt']));
  const days = Math.ceil((diesAt.getTime() - (await stage.now()).getTime()) / day) + 2;
  const { releaseId, date } = await presaveLater(stage, days);
  await stage.text(phones.connected, 'presave');

  const [run] = await stage.runs(phones.connected);
  expect(await stage.outcomes(phones.connected)).toEqual(mended);
  expect((run!['steps'] as Json[])[0]).toMatchObject({ status: 'done', reason: 'scheduled' });
  const [text = ''] = await stage.got(phones.connected);
  const until = dayIn(diesAt, losAngeles);
  expect(text).toBe(
    `Nova Reyes: done! Slow Harbor is set for ${date}. Your Spotify link ends ${until}: renew or undo ${linkIn(text)}`,
  );

  await stage.advance(day);
  await stage.text(phones.connected, 'presave');
  const [, second = '', ...others] = await stage.got(phones.connected);
  expect(others).toEqual([]);
  expect(second).toBe(
    `Nova Reyes: you're already on the list for Slow Harbor (${date}). Undo: ${linkIn(text)}`,
  );

  const page = await stage.open(linkIn(text));
  expect(page.text).toContain('Your link ends on');
  await stage.advance(20 * day);
  const renewed = await stage.connect(text, 'ines-halloran');
  await stage.idle();
  expect(renewed.text).not.toContain('link again before');
  await toRelease(stage, releaseId);
  expect((await stage.library('ines-halloran')).saved).toEqual(['spotify:album:7Qn0vaReyesSlowHarborX']);
});
