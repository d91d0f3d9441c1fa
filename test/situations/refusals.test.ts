import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { inboxOf, switchCountriesOn } from './no-door-yet.ts';
import { presaveLater } from './releases.ts';
import { day, denver, hour, minute, phones, startStage, type Json, type Stage } from './stage.ts';

const berlin = '+4915112345678';
const stopped = expect.stringContaining('You are unsubscribed');

async function replyMode(stage: Stage): Promise<void> {
  await stage.changeFlow((flow) => ({
    ...flow,
    trigger: { ...flow['trigger'], config: { ...flow['trigger'].config, mode: 'reply' } },
  }));
}

async function postsTo(stage: Stage): Promise<number> {
  return (await stage.calls('twilio')).filter((call) => call.startsWith('POST')).length;
}

test('S9 (R127, R99) from Germany: country off, no text, the inbox has it; switched on without a sender that reaches it: no_route; no consent by keyword there (the German sender comes with numbers that are set up, the switch with the settings screen)', async () => {
  const stage = await startStage();
  await stage.text(berlin, 'presave');
  expect((await stage.outcomes(berlin)).slice(2)).toEqual([
    '3 add-to-segment done',
    '4 send-text skipped: country_off',
  ]);
  expect((await stage.fan(berlin))['consents']).toEqual([]);
  expect(await inboxOf(stage)).toEqual(['country_off: presave']);

  await switchCountriesOn(stage, ['US', 'DE']);
  await stage.advance(2 * minute);
  await stage.text(berlin, 'presave');
  expect(await stage.runs(berlin)).toHaveLength(2);
  expect((await stage.outcomes(berlin))[3]).toBe('4 send-text skipped: no_route');
  expect(await stage.got(berlin)).toEqual([]);
  expect(await postsTo(stage)).toBe(0);
});

test('S12 (R98, R42) STOP last year, blocked at the provider since: the new consent is recorded, the text waits for START, the page says so, the rest goes on', async () => {
  const stage = await startStage();
  const date = await stopLastYear(stage);
  await stage.text(phones.unknown, 'presave');

  expect(await stage.outcomes(phones.unknown)).toEqual([
    '1 presave deferred: not_connected',
    '2 follow-artist deferred: not_connected',
    '3 add-to-segment done: already',
    '4 send-text deferred: provider_block',
  ]);
  const [run] = (await stage.runs(phones.unknown)).slice(-1);
  const waiting = (run!['steps'] as Json[])[3];
  const deadlineMs = Date.parse(String(waiting?.['waitingFor'].deadlineAt)) - (await stage.now()).getTime();
  expect(deadlineMs).toBeGreaterThan(23 * hour);
  expect(deadlineMs).toBeLessThanOrEqual(24 * hour);
  const fan = await stage.fan(phones.unknown);
  expect((fan['consents'] as Json[]).filter((consent) => consent['revokedAt'] === null)).toHaveLength(1);
  expect(await stage.got(phones.unknown)).toEqual([expect.stringContaining('tap to pre-save'), stopped]);
  const page = await stage.open(String(fan['connectUrl']));
  expect(page.text).toContain('Text START to +16195550100');

  await stage.text(phones.unknown, 'START');
  const [, , back, text = '', ...others] = await stage.got(phones.unknown);
  expect(others).toEqual([]);
  expect(back).toContain('You are subscribed again');
  expect(text).toBe(
    `Nova Reyes: you're already on the list for Slow Harbor (${date}). Not linked yet? ${linkIn(text)} You joined: max 4 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
  );
  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text done');
  expect((await stage.open(linkIn(text))).text).not.toContain('Text START');
});

test('S12 (R98) without START the text is given up after 24 hours, and nothing was tried', async () => {
  const stage = await startStage();
  await stopLastYear(stage);
  await postsTo(stage);
  await stage.text(phones.unknown, 'presave');
  await stage.advance(25 * hour);
  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text skipped: provider_block');
  expect(await postsTo(stage)).toBe(0);
});

/** Answers with the day of the release that the flow is about now. */
async function stopLastYear(stage: Stage): Promise<string> {
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  await stage.text(phones.unknown, 'STOP');
  await stage.advance(365 * day);
  await stage.advanceTo(denver, '14:00');
  return (await presaveLater(stage, 20)).date;
}

test.each(['stop please', 'please unsubscribe me'])(
  'S13 (R41, R42) opted out by “%s”, which the provider does not block: in consent mode the keyword opts in anew (a person who decides doubtful sentences comes with the inbox)',
  async (sentence) => {
    const stage = await startStage();
    await stage.advanceTo(denver, '14:00');
    await stage.text(phones.unknown, 'presave');
    await stage.text(phones.unknown, sentence);
    const before = await stage.got(phones.unknown);
    await stage.advance(day);
    await stage.text(phones.unknown, 'presave');

    expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text done');
    const [text = '', ...others] = (await stage.got(phones.unknown)).slice(before.length);
    expect(others).toEqual([]);
    expect(text).toContain("you're already on the list for Midnight Ferry");
    const { consents, sendingHeld } = await stage.fan(phones.unknown);
    expect(sendingHeld).toEqual({ sms: false });
    expect((consents as Json[]).filter((consent) => consent['revokedAt'] === null)).toHaveLength(1);
  },
);

test('S13 (R94, R42) the same in mode reply: no text, the inbox has it', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  await stage.text(phones.unknown, 'stop please');
  const before = await stage.got(phones.unknown);
  await replyMode(stage);
  await stage.advance(day);
  await stage.text(phones.unknown, 'presave');

  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text skipped: opted_out');
  expect(await stage.got(phones.unknown)).toEqual(before);
  expect(await inboxOf(stage)).toEqual(['opted_out: presave']);
  const { consents } = await stage.fan(phones.unknown);
  expect((consents as Json[]).every((consent) => consent['revokedAt'] !== null)).toBe(true);
});
