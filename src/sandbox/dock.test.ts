import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { createArtist } from '#releases/artists.ts';
import { createRelease } from '#releases/releases.ts';
import { createTestDatabase } from '../../test/db.ts';
import type { ClockStop, DockAnswer, FaultToSet } from './contract.ts';
import { strangers } from './demo/facts.ts';
import { setStage } from './testing.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
afterAll(() => stage.close());

// As: each test compares what it looks at.
const ask = async <T>(key: string, path: string, body?: unknown) =>
  (await stage.ask(key, path, body)).json as unknown as T;

it('the dock of a project that is not the demo knows its number, its player and strangers’ phones', async () => {
  const { projectId, smsId } = await stage.makeProject('+16195550121');
  await sql`
    insert into sender (connection_id, kind, value) values (${smsId}, 'number', '+16195550121')`.execute(db);
  const dock = await ask<DockAnswer>(projectId, '/dock');
  expect(dock).toMatchObject({ isDemo: false, numbers: ['+16195550121'], keyword: null });
  expect(dock.phones.map(({ who, name }) => [who, name])).toEqual(strangers.map(({ who }) => [who, null]));
  expect(dock.phones.find(({ who }) => who === 'germany')?.zone).toBe('Europe/Berlin');
  expect(dock.phones.find(({ who }) => who === 'night')?.zone).toBe('Pacific/Honolulu');
  expect(dock.providers.map(({ connector, kind }) => [connector, kind])).toEqual([
    ['twilio', 'sms'],
    ['spotify', 'streaming'],
  ]);
});

it('the clock stops at night and in the morning where the phone is, at the release, and half a year on', async () => {
  const { projectId } = await stage.makeProject('+16195550122');
  const now = new Date();
  const artistId = (await createArtist(db, projectId, { name: 'Nova', services: [] }, now)).id;
  const releaseAt = new Date(now.getTime() + 9 * 24 * 3_600_000);
  const release = { title: 'Ferry', artistId, kind: 'album', releaseAt, services: [] } as const;
  await createRelease(db, projectId, release, now);
  const { items } = await ask<{ items: ClockStop[] }>(projectId, '/clock/stops?number=+18085550119');
  expect(items.map(({ id }) => id).toSorted()).toEqual(['half_year', 'morning', 'night', 'release']);
  expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
  expect(items.every(({ at }) => Date.parse(at) > now.getTime())).toBe(true);
  const byId = new Map(items.map((stop) => [stop.id, stop]));
  expect(byId.get('release')).toMatchObject({ at: releaseAt.toISOString(), title: 'Ferry' });
  const honolulu = { timeZone: 'Pacific/Honolulu', hour: 'numeric', hour12: false } as const;
  const hourOf = (at = '') => Number(new Intl.DateTimeFormat('en', honolulu).format(new Date(at)));
  expect([hourOf(byId.get('night')?.at), hourOf(byId.get('morning')?.at)]).toEqual([2, 8]);
  expect(byId.get('night')?.zone).toBe('Pacific/Honolulu');
});

it('what was broken by hand is listed until it is mended', async () => {
  const { projectId } = await stage.makeProject('+16195550123');
  const other = await stage.makeProject('+16195550124');
  const broken = async (key: string) => (await ask<{ items: FaultToSet[] }>(key, '/faults')).items;
  await ask(projectId, '/faults', { connector: 'spotify', mode: 'down' });
  expect(await broken(projectId)).toEqual([{ connector: 'spotify', mode: 'down' }]);
  expect(await broken(other.projectId)).toEqual([]);
  await ask(projectId, '/faults', { connector: 'spotify', mode: 'ok' });
  expect(await broken(projectId)).toEqual([]);
});
