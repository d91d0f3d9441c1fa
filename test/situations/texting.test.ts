import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { wallTime } from './local-time.ts';
import { releaseDay } from './releases.ts';
import { day, denver, minute, phones, startStage, type Json } from './stage.ts';

const disclosures = 'You joined: max 4 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end';
const link = /http:\/\/127\.0\.0\.1:\d+\/s\/[0-9A-Za-z]{10}/.source;
const invited = [
  '1 presave deferred: not_connected',
  '2 follow-artist deferred: not_connected',
  '3 add-to-segment done',
  '4 send-text done',
];

test('S1 (R94, R95, R100, R39, R54) an unknown fan at 2 pm: consent, two promises, the segment, one text that claims nothing', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.calls('spotify');
  await stage.text(phones.unknown, 'presave');

  expect(await stage.outcomes(phones.unknown)).toEqual(invited);
  const texts = await stage.got(phones.unknown);
  expect(texts).toEqual([
    expect.stringMatching(new RegExp(`^Nova Reyes: tap to pre-save Midnight Ferry ${link} ${disclosures}$`)),
  ]);
  const fan = await stage.fan(phones.unknown);
  expect(fan['consents']).toMatchObject([{ address: phones.unknown, channel: 'sms', revokedAt: null }]);
  const [consent] = fan['consents'] as Json[];
  expect(consent?.['text']).toContain(
    'By texting PRESAVE you agree to get recurring automated marketing texts',
  );
  expect(consent?.['textVersion']).toMatch(/^\w{16}$/);
  expect(fan['segments']).toEqual([stage.demo['segmentId']]);
  expect(fan['grants']).toEqual([]);
  // Nothing that needs a link was tried, and one text is one call.
  expect(await stage.calls('spotify')).toEqual([]);
  expect((await stage.calls('twilio')).filter((call) => call.startsWith('POST'))).toHaveLength(1);
});

test('S1 (R100, R103, R56, R57) after one tap and one yes both promises are kept, the album lands at midnight, and Undo takes all of it back', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  const [text = ''] = await stage.got(phones.unknown);

  const refused = await stage.connect(text, 'mara-lindqvist', 'deny');
  expect(refused.text).toContain('Nothing was linked');
  expect(await stage.outcomes(phones.unknown)).toEqual(invited);

  const page = await stage.connect(text, 'mara-lindqvist');
  await stage.idle();
  expect(page.text).toContain('Spotify is linked');
  expect(await stage.outcomes(phones.unknown)).toEqual([
    '1 presave (spotify) done: scheduled',
    '2 follow-artist (spotify) done',
    '3 add-to-segment done',
    '4 send-text done',
  ]);
  const artist = 'spotify:artist:1N0vaReyesArtistPage01';
  const album = 'spotify:album:5Qn0vaReyesMidnightFry';
  expect(await stage.library('mara-lindqvist')).toEqual({ saved: [], following: [artist] });
  const afterwards = await stage.open(linkIn(text));
  expect(afterwards.text).toContain('Pre-saved on Spotify');
  expect(afterwards.text).toContain('You follow Nova Reyes on Spotify');

  const { releaseAt } = await stage.api('GET', `/releases/${String(stage.demo['releaseId'])}`);
  const toMidnight = Date.parse(String(releaseAt)) - (await stage.now()).getTime();
  expect(wallTime(new Date(String(releaseAt)), 'America/Los_Angeles')).toBe('00:00');
  await stage.advance(toMidnight - minute);
  expect((await stage.library('mara-lindqvist')).saved).toEqual([]);
  await stage.advance(minute + 1_000);
  expect((await stage.library('mara-lindqvist')).saved).toEqual([album]);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave (spotify) done: verified');
  const puts = (await stage.calls('spotify')).filter((call) => call.startsWith('PUT'));
  expect(puts).toEqual([`PUT /v1/me/library?uris=${artist}`, `PUT /v1/me/library?uris=${album}`]);

  const released = await stage.open(linkIn(text));
  await stage.undo(await stage.undo(released, 'save'), 'follow');
  expect(await stage.library('mara-lindqvist')).toEqual({ saved: [], following: [] });
  expect(await stage.got(phones.unknown)).toHaveLength(1);
});

test('S2 (R94, A6) the same in mode reply: no consent, the link and who we are, and an unticked box on the page', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.changeFlow((flow) => ({
    ...flow,
    trigger: { ...flow['trigger'], config: { ...flow['trigger'].config, mode: 'reply' } },
  }));
  await stage.text(phones.unknown, 'presave');

  expect(await stage.outcomes(phones.unknown)).toEqual(invited);
  const texts = await stage.got(phones.unknown);
  expect(texts).toEqual([
    expect.stringMatching(new RegExp(`^Nova Reyes: tap to pre-save Midnight Ferry ${link}$`)),
  ]);
  expect((await stage.fan(phones.unknown))['consents']).toEqual([]);
  expect((await stage.fan(phones.unknown))['segments']).toEqual([stage.demo['segmentId']]);

  const page = await stage.open(linkIn(texts[0] ?? ''));
  expect(page.text).toContain('Yes, send me recurring automated marketing texts from Nova Reyes');
  expect(page.html).toMatch(/<input type="checkbox" name="agree"(?![^>]*checked)[^>]*>/);
  const action = /action="(\/c\/[\w-]+\/do\/consent)"/.exec(page.html)?.[1] ?? '';
  const version = /name="version" value="(\w+)"/.exec(page.html)?.[1] ?? '';
  await stage.submit(action, [['version', version]]);
  expect((await stage.fan(phones.unknown))['consents']).toEqual([]);
  await stage.submit(action, [
    ['version', version],
    ['agree', 'yes'],
  ]);
  await stage.idle();
  expect((await stage.fan(phones.unknown))['consents']).toMatchObject([
    { address: phones.unknown, textVersion: version, revokedAt: null },
  ]);
});

test('S10 (R29, R30, R23) twice within a minute, and once more delivered again: one run, one text', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  const twice = { from: phones.unknown, to: stage.demo['number'] as string, body: 'presave', id: 'once' };
  await stage.sandbox('POST', '/phone/texts', twice);
  await stage.idle();
  await stage.sandbox('POST', '/phone/texts', twice);
  await stage.advance(50_000);
  await stage.text(phones.unknown, 'PRESAVE');
  await stage.advance(5 * minute);

  expect(await stage.runs(phones.unknown)).toHaveLength(1);
  expect(await stage.got(phones.unknown)).toHaveLength(1);
  const posts = (await stage.calls('twilio')).filter((call) => call.startsWith('POST'));
  expect(posts).toHaveLength(1);
});

test('S11 (R29, R30) again the next day, not connected: the short text with the same link, no second promise, no second segment event', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  await stage.advance(day);
  await stage.text(phones.unknown, 'presave');

  expect(await stage.outcomes(phones.unknown)).toEqual([
    '1 presave deferred: same_promise',
    '2 follow-artist deferred: same_promise',
    '3 add-to-segment done: already',
    '4 send-text done',
  ]);
  expect((await stage.runs(phones.unknown)).map((run) => run['openSteps'])).toEqual([2, 0]);
  const [first = '', second = '', ...others] = await stage.got(phones.unknown);
  expect(others).toEqual([]);
  const date = await releaseDay(stage);
  expect(second).toBe(
    `Nova Reyes: you're already on the list for Midnight Ferry (${date}). Not linked yet? ${linkIn(first)}`,
  );
  expect((await stage.fan(phones.unknown))['consents']).toHaveLength(1);

  await stage.connect(second, 'jonas-okafor');
  await stage.idle();
  const runs = await stage.runs(phones.unknown);
  expect(runs.map((run) => (run['steps'] as Json[]).slice(0, 2).map((step) => step['status']))).toEqual([
    ['done', 'done'],
    ['done', 'done'],
  ]);
  expect((await stage.calls('spotify')).filter((call) => call.startsWith('PUT'))).toHaveLength(1);
});

test.each([
  ['Pre-save pls', 'exact'],
  ['Persave', 'near'],
])('S14 (R16, R107) “%s” starts the flow, read as PRESAVE', async (body, how) => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, body);

  const [run] = await stage.runs(phones.unknown);
  const event = await stage.api('GET', `/events/${String(run?.['eventId'])}`);
  expect(event).toMatchObject({ type: 'sms.keyword', subject: { keyword: 'presave', how, text: body } });
  expect(await stage.outcomes(phones.unknown)).toEqual(invited);
  expect(await stage.got(phones.unknown)).toEqual([
    expect.stringContaining('tap to pre-save Midnight Ferry'),
  ]);
});
