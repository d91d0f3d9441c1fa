import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { austin, day, describe, phones, startStage, type Json, type Shown, type Stage } from './stage.ts';

/** The fan's page, as a text leads there; one box is hers alone to tick (R100). */
async function optIn(stage: Stage): Promise<void> {
  await stage.text(phones.connected, 'presave');
  const page = await stage.open(linkIn((await stage.got(phones.connected))[0] ?? ''));
  const allow = /formaction="(\/c\/[\w-]+\/do\/allow)"/.exec(page.html)?.[1] ?? '';
  await stage.submit(allow, [['purpose', 'future']]);
  await stage.idle();
}

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
  await optIn(stage);

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

test('R58 R103 a link that NextSave depends on is asked for once before it ends; renewed, it begins a new period', async () => {
  const stage = await startStage();
  await optIn(stage);
  const link = async () => ((await stage.fan(phones.connected))['grants'] as Json[])[0];
  const diesAt = Date.parse(String((await link())?.['diesAt']));
  const toDaysBefore = async (days: number) =>
    stage.advance(diesAt - days * day - (await stage.now()).getTime());
  const asked = async () =>
    (await stage.got(phones.connected)).filter((text) => text.includes('link ends on'));
  const notices = async () => {
    const { id } = await stage.fan(phones.connected);
    const { items } = await stage.api('GET', `/fans/${String(id)}/timeline?limit=200`);
    return (items as Json[])
      .filter((one) => one['type'] === 'grant.expiring')
      .map((one) => one['subject']['days']);
  };
  await toDaysBefore(29);
  expect([await notices(), await asked()]).toEqual([[30], []]);
  await toDaysBefore(6.5);
  await stage.advanceTo(austin, '14:00');
  const [text = '', ...others] = await asked();
  expect(others).toEqual([]);
  expect(text).toContain('Spotify');
  expect(new Set(await notices())).toEqual(new Set([30, 7]));
  await stage.advance(day);
  expect(await asked()).toHaveLength(1);

  const page = await stage.open(linkIn(text.replace(/ (Reply )?STOP.*$/, '')));
  expect(page.text).toContain('Link again with Spotify');
  const action = /formaction="(\/c\/[\w-]+\/spotify)"/.exec(page.html)?.[1] ?? '';
  await stage.submit(action, [], { user: 'ines-halloran', decision: 'allow' });
  expect(Date.parse(String((await link())?.['diesAt']))).toBeGreaterThan(diesAt + 100 * day);
  await toDaysBefore(0);
  expect(await link()).toMatchObject({ state: 'live' });
  expect(await notices()).toHaveLength(2);
});

test('R58 a link that nobody renews ends on its day', async () => {
  const stage = await startStage();
  await stage.text(phones.connected, 'presave');
  const link = async () => ((await stage.fan(phones.connected))['grants'] as Json[])[0];
  await stage.advance(Date.parse(String((await link())?.['diesAt'])) + 1_000 - (await stage.now()).getTime());
  expect(await link()).toMatchObject({ state: 'expired' });
  // Nothing of hers waits for it: she is not asked.
  expect((await stage.got(phones.connected)).filter((text) => text.includes('link ends on'))).toEqual([]);
});
