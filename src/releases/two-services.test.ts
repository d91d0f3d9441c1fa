import { sql } from 'kysely';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createAppleMusicFake } from '#connectors/apple-music/fake.ts';
import { createTestDatabase } from '../../test/db.ts';
import { readOutcomes, startStreaming, type StreamingStep } from './testing/engine.ts';
import { allow, setStage } from './testing/stage.ts';

const { db, url } = await createTestDatabase();
const stage = await setStage(db);
const apple = await stage.addService('apple-music', createAppleMusicFake);
afterAll(() => stage.close());
const { projectId } = stage;
let rig: { close(): Promise<void> } | undefined;
afterEach(async () => {
  await rig?.close();
  apple.fake.setFault({ mode: 'ok' });
});

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
let albums = 1577502911;

async function addRelease() {
  const services = [
    { service: 'spotify', serviceId: `out${String((albums += 1)).padStart(19, '0')}` },
    { service: 'apple-music', serviceId: String(albums) },
  ];
  return stage.addRelease({ services, releaseAt: new Date(stage.now().getTime() - dayMs) });
}

async function linkBoth(releaseId: string) {
  const fan = await stage.addFan();
  const purposes = [allow('release', releaseId), allow('follow', stage.artistId)];
  await stage.link(fan, { purposes });
  const tokens = await apple.link(fan);
  return { fan, tokens };
}

async function run(fan: string, steps: StreamingStep[]) {
  const started = await startStreaming(stage, url, steps);
  rig = started;
  return started.run(fan);
}

const settle = (runId: string, wanted: string[]) =>
  expect.poll(() => readOutcomes(stage, runId), { timeout: 8_000, interval: 20 }).toEqual(wanted);

async function historyOf(runId: string, service: string) {
  const { rows } = await sql<{ history: { status: string; reason: string | null }[]; detail: string | null }>`
    select history, detail from outcome where project_id = ${projectId} and run_id = ${runId}
       and service = ${service}`.execute(db);
  const [row] = rows;
  return { reasons: row?.history.map(({ reason }) => reason), detail: row?.detail };
}

async function looksLeft(fan: string) {
  const { rows } = await sql`
    select 1 from work where project_id = ${projectId} and fan_id = ${fan} and kind = 'read-back'`.execute(
    db,
  );
  return rows.length;
}

test('A10 R62 both services get the save, one outcome a service; what cannot follow is passed over alone', async () => {
  const release = await addRelease();
  const { fan } = await linkBoth(release.id);
  const runId = await run(fan, [
    ['saveRelease', release.id],
    ['followArtist', stage.artistId],
  ]);
  await settle(runId, [
    '1 apple-music done accepted',
    '1 spotify done verified',
    '2 apple-music skipped unsupported',
    '2 spotify done ',
  ]);
  expect(await stage.library(fan)).toHaveLength(1);
  expect((await apple.fake.library(`user-${fan}`)).saved).toHaveLength(1);

  await stage.clocks.advance(projectId, 3 * minuteMs);
  await settle(runId, [
    '1 apple-music done verified',
    '1 spotify done verified',
    '2 apple-music skipped unsupported',
    '2 spotify done ',
  ]);
  expect((await historyOf(runId, 'apple-music')).reasons).toContain('accepted');
  const { rows } = await sql<{ service: string; state: string }>`
    select service, state from save where project_id = ${projectId} and fan_id = ${fan} order by service`.execute(
    db,
  );
  expect(rows).toEqual([
    { service: 'apple-music', state: 'verified' },
    { service: 'spotify', state: 'verified' },
  ]);
  expect(await looksLeft(fan)).toBe(0);
});

test('R62 what the library never shows stays accepted, says so, and is not looked for for ever', async () => {
  apple.fake.configure({ takesUnknown: false });
  const release = await addRelease();
  const { fan } = await linkBoth(release.id);
  const runId = await run(fan, [['saveRelease', release.id]]);
  await settle(runId, ['1 apple-music done accepted', '1 spotify done verified']);
  // The service being away for a look ends nothing.
  apple.fake.setFault({ mode: 'down', count: 1 });
  for (const ms of [3 * minuteMs, 20 * minuteMs, 3 * 60 * minuteMs, 2 * dayMs]) {
    const before = apple.fake.calls().length;
    await stage.clocks.advance(projectId, ms);
    await expect.poll(() => apple.fake.calls().length, { timeout: 8_000 }).toBeGreaterThan(before);
  }
  await expect.poll(() => looksLeft(fan), { timeout: 8_000 }).toBe(0);
  expect(await readOutcomes(stage, runId)).toEqual([
    '1 apple-music done accepted',
    '1 spotify done verified',
  ]);
  expect(await historyOf(runId, 'apple-music')).toEqual({
    reasons: ['accepted'],
    detail: 'The service took it, and never showed it in the library.',
  });
  apple.fake.configure({ takesUnknown: true });
});

test('R62 a link that ends before the look leaves the save accepted', async () => {
  const release = await addRelease();
  const { fan, tokens } = await linkBoth(release.id);
  const runId = await run(fan, [['saveRelease', release.id]]);
  await settle(runId, ['1 apple-music done accepted', '1 spotify done verified']);
  await apple.fake.revokeGrant(tokens.accessToken);
  await stage.clocks.advance(projectId, 3 * minuteMs);
  await expect.poll(() => looksLeft(fan), { timeout: 8_000 }).toBe(0);
  expect(await readOutcomes(stage, runId)).toEqual([
    '1 apple-music done accepted',
    '1 spotify done verified',
  ]);
});
