import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { wallTime } from './local-time.ts';
import { denver, hour, minute, phones, startStage, type Json, type Stage } from './stage.ts';

/** A night's texts are spread over the first ten minutes of the morning (R47). */
const spreadMs = 10 * minute;

const disclosures = 'You joined: max 4 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end';
/** R39: where nothing follows within ten seconds, the confirmation of the opt-in may go alone at any hour. */
const joined = `Nova Reyes: ${disclosures}`;

async function gotBeside(stage: Stage): Promise<string[]> {
  return (await stage.got(phones.unknown)).filter((text) => text !== joined);
}

async function addSecondText(stage: Stage): Promise<void> {
  await stage.changeFlow((flow) => ({
    ...flow,
    steps: [...(flow['steps'] as Json[]), { step: 'send-text', config: { body: 'One more thing' } }],
  }));
}

test('S7 (R94, R46, R47) at 2 am, answered in time: the one reply goes, the next text waits for 8:00 local', async () => {
  const stage = await startStage();
  await addSecondText(stage);
  await stage.advanceTo(denver, '02:00');
  await stage.text(phones.unknown, 'presave');

  const [reply = '', ...others] = await stage.got(phones.unknown);
  expect(others).toEqual([]);
  expect(reply).toContain('tap to pre-save Midnight Ferry');
  expect((await stage.outcomes(phones.unknown)).slice(3)).toEqual([
    '4 send-text done',
    '5 send-text held: quiet_hours',
  ]);
  const [run] = await stage.runs(phones.unknown);
  const held = (run!['steps'] as Json[])[4];
  const until = new Date(String(held?.['waitingFor'].until));
  expect(wallTime(until, denver)).toMatch(/^08:0\d$/);

  await stage.advanceTo(denver, '07:59');
  expect(await stage.got(phones.unknown)).toHaveLength(1);
  await stage.advanceTo(denver, '08:00');
  await stage.advance(spreadMs);
  expect((await stage.got(phones.unknown)).slice(1)).toEqual(['Nova Reyes: One more thing']);
  expect((await stage.outcomes(phones.unknown))[4]).toBe('5 send-text done');
});

test('S8 (R94, R46, R47) at 2 am with the provider down for six minutes: held to 8:00 local, and the text says that it answers last night', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '02:00');
  await stage.fault('twilio', 'down');
  await textAlone(stage);
  await stage.sandbox('POST', '/clock', { advanceMs: 6 * minute });
  await stage.fault('twilio', 'ok');
  // What a gateway answered may have gone out: it is looked for first, and not there.
  await waitFor(stage, '4 send-text held: quiet_hours');
  await stage.idle();
  expect(await stage.got(phones.unknown)).toEqual([]);

  await stage.advanceTo(denver, '07:59');
  expect(await stage.got(phones.unknown)).toEqual([]);
  await stage.advanceTo(denver, '08:00');
  await stage.advance(spreadMs);
  const [text = '', ...others] = await stage.got(phones.unknown);
  expect(others).toEqual([]);
  expect(text).toBe(
    `Nova Reyes: You texted last night. tap to pre-save Midnight Ferry ${linkIn(text)} ${disclosures}`,
  );
  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text done');
});

test('S8 (R44, R35) the consent is asked once more in the morning: a STOP in the night means no text', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '02:00');
  await stage.fault('twilio', 'error');
  await textAlone(stage);
  await stage.sandbox('POST', '/clock', { advanceMs: 6 * minute });
  await waitFor(stage, '4 send-text held: quiet_hours');
  await stage.fault('twilio', 'ok');
  await stage.text(phones.unknown, 'stop');
  await stage.advance(8 * hour);
  // What came since is the provider's own confirmation and nothing else.
  expect(await gotBeside(stage)).toEqual([expect.stringContaining('You are unsubscribed')]);
  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text skipped: opted_out');
});

test('S8 (R47) what has waited 36 hours is stale and does not go', async () => {
  const stage = await startStage();
  await stage.advanceTo(denver, '02:00');
  await stage.fault('twilio', 'error');
  await textAlone(stage);
  await stage.sandbox('POST', '/clock', { advanceMs: 6 * minute });
  await waitFor(stage, '4 send-text held: quiet_hours');
  await stage.fault('twilio', 'ok');
  await stage.advance(37 * hour);
  expect((await stage.outcomes(phones.unknown))[3]).toBe('4 send-text skipped: stale');
  expect(await gotBeside(stage)).toEqual([]);
});

/** Nothing comes to rest while a provider is down: a retry is always near. */
async function textAlone(stage: Stage): Promise<void> {
  const to = stage.demo['number'] as string;
  await stage.sandbox('POST', '/phone/texts', { from: phones.unknown, to, body: 'presave' });
  await expect
    .poll(() => stage.calls('twilio'), { timeout: 10_000 })
    .toContainEqual(expect.stringMatching(/^POST /));
}

async function waitFor(stage: Stage, outcome: string): Promise<void> {
  await expect.poll(() => stage.outcomes(phones.unknown), { timeout: 40_000 }).toContain(outcome);
}
