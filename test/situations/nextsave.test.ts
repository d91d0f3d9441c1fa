import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { austin, day, describe, phones, startStage, type Json, type Shown } from './stage.ts';

const lowTide = 'spotify:album:7Sn0vaReyesLowTideSngl';

test('R65 R66 R67 a release that nobody announced: found once, saved at once, told in the morning', async () => {
  const stage = await startStage();
  const { artistId, segmentId } = stage.demo;
  const flow = await stage.api('POST', '/flows', {
    name: 'News',
    trigger: { trigger: 'new-release', config: {} },
    steps: [
      { step: 'add-to-segment', config: { segmentId } },
      { step: 'send-text', config: { body: '{{ release.title }} by {{ artist.name }} is out' } },
    ],
  });
  expect(flow['problems']).toEqual([]);
  await stage.api('POST', `/flows/${String(flow['id'])}/activate`);
  // The fan's page, as a text leads there; one box is hers alone to tick (R100).
  await stage.text(phones.connected, 'presave');
  const page = await stage.open(linkIn((await stage.got(phones.connected))[0] ?? ''));
  const allow = /formaction="(\/c\/[\w-]+\/do\/allow)"/.exec(page.html)?.[1] ?? '';
  await stage.submit(allow, [['purpose', 'future']]);
  await stage.idle();

  // Looked at from now on, whoever it is that wishes; nothing is new yet.
  await stage.advance(1);
  const before = await stage.api('GET', `/artists/${String(artistId)}`);
  expect(before['watch']).toEqual([
    { service: 'spotify', lookedAt: expect.any(String), nextLookAt: expect.any(String), problem: null },
  ]);
  expect(before['nextSaveFans']).toBe(1);

  const ofNews = async () =>
    (await stage.runs(phones.connected)).filter((one) => one['flowId'] === flow['id']);
  expect(await ofNews()).toEqual([]);
  // The release of the demo is what the artist entered: news too, at its moment.
  await stage.advance(12 * day);
  expect(await ofNews()).toHaveLength(1);
  await stage.advanceTo(austin, '14:00');
  await stage.advance(35 * day);
  expect((await stage.library('ines-halloran')).saved).toContain(lowTide);
  const runs = await ofNews();
  expect(runs.map((run) => (run['steps'] as Shown[]).map(describe))).toEqual([
    ['1 add-to-segment done: already', '2 send-text done'],
    ['1 add-to-segment done: already', '2 send-text done'],
  ]);
  const texts = (await stage.got(phones.connected)).filter((text) => text.includes('is out'));
  expect(texts.map((text) => /Nova Reyes: (.*?) is out/.exec(text)?.[1])).toEqual([
    'Midnight Ferry by Nova Reyes',
    'Low Tide by Nova Reyes',
  ]);
  const { items } = await stage.api('GET', '/releases?q=Low');
  expect((items as Json[]).map(({ title, kind }) => [title, kind])).toEqual([['Low Tide', 'album']]);
});
