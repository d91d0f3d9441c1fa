import { expect, test } from 'vitest';
import { linkIn } from './browser.ts';
import { wallTime } from './local-time.ts';
import { day, denver, hour, losAngeles, minute, phones, startStage, type Json, type Stage } from './stage.ts';

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

test('R56 R57 a date that moves, earlier or later, is followed; what was called off ends with its reason', async () => {
  const stage = await startStage();
  const id = String(stage.demo['releaseId']);
  await stage.text(phones.connected, 'presave');
  const saved = async () => (await stage.library('ines-halloran')).saved;
  const move = async (ms: number) => {
    const releaseAt = new Date((await stage.now()).getTime() + ms).toISOString();
    await stage.api('PUT', `/releases/${id}`, { releaseAt });
    await stage.idle();
  };
  await move(20 * day);
  await stage.advance(12 * day);
  expect(await saved()).toEqual([]);
  await move(2 * hour);
  await stage.advance(hour);
  expect(await saved()).toEqual([]);
  const waiting = await stage.api('GET', `/releases/${id}/day`);
  expect(waiting['services'][0]).toMatchObject({ service: 'spotify', verified: 0, waiting: { turn: 1 } });
  await stage.advance(hour + minute);
  expect(await saved()).toEqual(['spotify:album:5Qn0vaReyesMidnightFry']);
  expect((await stage.outcomes(phones.connected))[0]).toBe('1 presave (spotify) done: verified');
  const over = await stage.api('GET', `/releases/${id}/day`);
  expect(over['services'][0]).toMatchObject({ verified: 1, failed: 0, waiting: { turn: 0 } });

  const other = await startStage();
  await other.text(phones.connected, 'presave');
  await other.api('POST', `/releases/${String(other.demo['releaseId'])}/cancel`);
  await other.idle();
  expect((await other.outcomes(phones.connected))[0]).toBe('1 presave (spotify) skipped: release_cancelled');
  await toMidnight(other);
  expect((await other.library('ines-halloran')).saved).toEqual([]);
});

test('R56 a release that is late at the service is saved when it shows up there', async () => {
  const stage = await startStage();
  const { artistId, releaseId } = stage.demo;
  const album = Date.parse(String((await stage.api('GET', `/releases/${String(releaseId)}`))['releaseAt']));
  // The demo's player has it 29 days after the album; the artist says five hours before.
  const releaseAt = album + 29 * day - 5 * hour;
  const late = { title: 'Low Tide', artistId, kind: 'album', upc: '198000000024', services: [] };
  const release = await stage.api('POST', '/releases', {
    ...late,
    releaseAt: new Date(releaseAt).toISOString(),
  });
  const id = String(release['id']);
  const presave = [{ step: 'presave', config: { releaseId: id } }];
  await stage.changeFlow((flow) => ({ ...flow, steps: presave }));
  await stage.text(phones.connected, 'presave');
  expect(await stage.outcomes(phones.connected)).toEqual(['1 presave (spotify) done: scheduled']);
  await stage.advance(releaseAt + hour - (await stage.now()).getTime());
  const open = async () => (await stage.api('GET', `/releases/${id}/day`))['services'][0]['waiting'] as Json;
  expect(await open()).toEqual({ turn: 0, link: 0, work: 1, midnight: 0 });
  await stage.advance(5 * hour);
  expect(await open()).toEqual({ turn: 0, link: 0, work: 0, midnight: 0 });
  expect((await stage.library('ines-halloran')).saved).toEqual(['spotify:album:7Sn0vaReyesLowTideSngl']);
  expect(await stage.outcomes(phones.connected)).toEqual(['1 presave (spotify) done: verified']);
});

test('R110 R102 R47 a message on the day has words for each outcome, reaches each fan once, and waits for her morning', async () => {
  const stage = await startStage();
  const id = String(stage.demo['releaseId']);
  const words = (kind: string) => ({
    saved: `${kind}: {{ release.title }} by {{ artist.name }} is in your library`,
    accepted: `${kind}: on its way`,
    reminded: `${kind}: out now, {{ fan.name | default: "you" }}: {{ links.connect }}`,
    failed: `${kind}: did not work: {{ links.connect }}`,
  });
  const bad = { text: { ...words('text'), saved: '{{ release.colour }}' }, mail: null };
  await expect(stage.api('PUT', `/releases/${id}/message`, bad)).rejects.toThrow(
    /422.*release\.colour.*text\.saved/s,
  );
  const message = { text: words('text'), mail: { subject: 'Out: {{ release.title }}', ...words('mail') } };
  expect(await stage.api('PUT', `/releases/${id}/message`, message)).toEqual(message);
  await stage.advanceTo(denver, '14:00');
  for (const phone of [phones.connected, phones.unknown]) await stage.text(phone, 'presave');
  const before = (await stage.got(phones.unknown)).length;
  await toMidnight(stage);
  expect((await stage.library('ines-halloran')).saved).toHaveLength(1);
  expect(await stage.got(phones.unknown)).toHaveLength(before);
  // Mails know no quiet hours; they wait for what became of the save.
  await stage.advance(2 * minute);
  const mails = async () =>
    (await stage.mails('ines@halloran.example')).map((mail) => String(mail['subject']));
  expect(await mails()).toEqual(['Out: Midnight Ferry']);

  // Some states are stricter on Sundays: in the afternoon all are open.
  await stage.advanceTo(denver, '14:00');
  const after = async (phone: string) =>
    (await stage.got(phone))
      .filter((text) => text.includes('text: '))
      .map((text) => text.replace(/ Reply STOP.*$/, ''));
  expect(await after(phones.connected)).toEqual([
    expect.stringContaining('text: Midnight Ferry by Nova Reyes is in your library'),
  ]);
  expect(await after(phones.unknown)).toEqual([expect.stringContaining('text: out now, you: http')]);
  expect((await stage.outcomes(phones.unknown))[0]).toBe('1 presave done: reminded');

  await stage.advance(3 * day);
  expect((await after(phones.connected)).length + (await after(phones.unknown)).length).toBe(2);
  expect(await mails()).toHaveLength(1);
});
