import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { createYoutubeFake } from '#connectors/youtube/fake.ts';
import { allow, setStage } from '#releases/testing/stage.ts';
import { createTestDatabase } from '../../test/db.ts';
import { startStreaming } from '#releases/testing/engine.ts';
import { readLoad } from './load.ts';
import { createMeter } from './meter.ts';

const { db, url } = await createTestDatabase();
const stage = await setStage(db, { mode: 'development', namedTesters: ['mara@fans.example'] });
const youtube = await stage.addService('youtube', createYoutubeFake);
afterAll(() => stage.close());
const { connections, connectionId } = stage;
const load = (id: string) => readLoad({ db, connections }, id, stage.now());

test('a connection that nobody uses is idle, has no links, and says whom alone it lets in', async () => {
  expect(await load(connectionId)).toEqual({
    waiting: 0,
    pause: null,
    links: { live: 0, endingSoon: 0, ended: 0 },
    namedTesters: ['mara@fans.example'],
    allowances: [],
  });
  expect((await load(youtube.connectionId)).namedTesters).toBeNull();
});

test('R58 links that live, end within 30 days, and have ended', async () => {
  const [soon, ended] = [await stage.addFan(), await stage.addFan()];
  const inDays = (days: number) => new Date(stage.now().getTime() + days * 86_400_000);
  await stage.link(await stage.addFan());
  await stage.link(soon, { diesAt: inDays(29) });
  await stage.link(ended, { diesAt: inDays(-1) });
  expect((await load(connectionId)).links).toEqual({ live: 2, endingSoon: 1, ended: 1 });
});

test('what a provider allows a day, and what of it was used last', async () => {
  const meter = createMeter(db, youtube.connectionId);
  for (const day of ['2026-11-26', '2026-11-27'])
    await meter.take({ bucket: 'units', day, units: 50, limit: 10_000 });
  // It was raised meanwhile.
  await meter.take({ bucket: 'units', day: '2026-11-27', units: 1, limit: 20_000 });
  expect((await load(youtube.connectionId)).allowances).toEqual([
    { bucket: 'units', day: '2026-11-27', used: 51, most: 20_000 },
  ]);
});

test('calls that a provider put off wait in its lane, with its reason and until when', async () => {
  const release = await stage.addRelease({ releaseAt: new Date(stage.now().getTime() - 86_400_000) });
  const rig = await startStreaming(stage, url, [['presave', release.id]]);
  stage.fake.setFault({ mode: 'rate_limited' });
  for (let at = 0; at < 3; at++) {
    const fan = await stage.addFan();
    await stage.link(fan, { user: 'mara@fans.example', purposes: [allow('release', release.id)] });
    await rig.run(fan);
  }
  await expect.poll(async () => (await load(connectionId)).waiting, { timeout: 8_000 }).toBe(3);
  const { pause } = await load(connectionId);
  expect(pause?.reason).toContain('429');
  expect(pause?.until.getTime()).toBeGreaterThan(Date.now());
  stage.fake.setFault({ mode: 'ok' });
  await sql`update lane set blocked_until = null where id like ${`%${connectionId}%`}`.execute(db);
  await expect.poll(async () => (await load(connectionId)).waiting, { timeout: 8_000 }).toBe(0);
  await rig.close();
});
