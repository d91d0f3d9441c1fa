import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { wallTime } from './local-time.ts';
import { denver, hour, losAngeles, minute, phones, startStage, type Json, type Stage } from './stage.ts';

const spreadMs = 10 * minute;

async function toMidnight(stage: Stage): Promise<void> {
  const { releaseAt } = await stage.api('GET', `/releases/${String(stage.demo['releaseId'])}`);
  await stage.advance(Date.parse(String(releaseAt)) + 1_000 - (await stage.now()).getTime());
  expect(wallTime(await stage.now(), losAngeles)).toBe('00:00');
}

test('S15 (R102, R46, R47, R48) never connects, with consent: the promise becomes a reminder at midnight, and one text at 8:00 local says that it is out', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  const [first = ''] = await stage.got(phones.unknown);
  await toMidnight(stage);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave done: reminder_set');
  // A follow has no release to wait for: it stays open for its thirty days.
  expect((await stage.outcomes(phones.unknown))[1]).toBe('2 follow-artist deferred: not_connected');

  await stage.advanceTo(denver, '07:59');
  expect(await stage.got(phones.unknown)).toEqual([first]);
  await stage.advanceTo(denver, '08:00');
  await stage.advance(spreadMs);
  expect(await stage.got(phones.unknown)).toEqual([
    first,
    `Nova Reyes: Midnight Ferry is out! One tap adds it to your library: ${linkIn(first)}`,
  ]);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave done: reminded');
  const [run] = await stage.runs(phones.unknown);
  const history = ((run!['steps'] as Json[])[0]?.['history'] ?? []) as Json[];
  expect(history.map((one) => one['reason'])).toEqual(['not_connected', 'reminder_set', 'reminded']);

  await stage.advance(72 * hour);
  expect(await stage.got(phones.unknown)).toHaveLength(2);
  expect((await stage.calls('spotify')).filter((call) => call.startsWith('PUT'))).toEqual([]);
  await stage.connect(linkIn(first), 'mara-lindqvist');
  await stage.idle();
  expect((await stage.library('mara-lindqvist')).saved).toEqual(['spotify:album:5Qn0vaReyesMidnightFry']);
});

test('S15 (R102) never connects, without consent: not_connected, and no text', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.changeFlow((flow) => ({
    ...flow,
    trigger: { ...flow['trigger'], config: { ...flow['trigger'].config, mode: 'reply' } },
  }));
  await stage.text(phones.unknown, 'presave');
  await toMidnight(stage);
  await stage.advance(12 * hour);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave skipped: not_connected');
  expect(await stage.got(phones.unknown)).toHaveLength(1);
});

test('S15 (R36, R44) a fan who left before the morning gets no reminder', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '14:00');
  await stage.text(phones.unknown, 'presave');
  await toMidnight(stage);
  await stage.text(phones.unknown, 'stop');
  await stage.advance(12 * hour);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave skipped: opted_out');
  expect((await stage.got(phones.unknown)).filter((text) => text.includes('is out'))).toEqual([]);
});
