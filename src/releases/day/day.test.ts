import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import type { NewItem } from '#engine/contract.ts';
import { createLog } from '#lib/log.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { dayMs, setStage } from '../testing/stage.ts';
import { createLinkFinder } from './find-links.ts';
import { readReleaseDay } from './read-day.ts';
import { retrySaves } from './retry-saves.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
afterAll(() => stage.close());
const { projectId } = stage;
const deps = { db, clock: stage.clocks, connections: stage.connections };

async function save(
  releaseId: string,
  state: string,
  more: { reason?: string; isLinked?: boolean; at?: Date } = {},
) {
  const fan = await stage.addFan();
  const { reason = null, isLinked = true, at = null } = more;
  if (isLinked) await stage.link(fan);
  await sql`
    insert into save (project_id, fan_id, release_id, service, state, reason, created_at, performed_at)
    values (${projectId}, ${fan}, ${releaseId}, 'spotify', ${state}, ${reason}, now(), ${at})`.execute(db);
  return fan;
}

test('R56 a release day counts what is done, what waits for what, and what failed why', async () => {
  const release = await stage.addRelease({ releaseAt: new Date(stage.now().getTime() - 60_000) });
  const now = stage.now();
  await save(release.id, 'verified', { at: now });
  await save(release.id, 'verified', { at: new Date(now.getTime() - 3_600_000) });
  await save(release.id, 'accepted', { at: now });
  await save(release.id, 'already', { at: now });
  await save(release.id, 'scheduled');
  await save(release.id, 'scheduled');
  await save(release.id, 'scheduled', { isLinked: false });
  await save(release.id, 'failed', { reason: 'refused' });
  await save(release.id, 'failed', { reason: 'grant_dead' });
  await save(release.id, 'failed', { reason: 'grant_dead' });
  await save(release.id, 'undone');
  const day = await readReleaseDay(deps, projectId, release.id);
  const client = (await stage.connections.ofProject(projectId))[0]!.streaming!;
  const perSecond = (client.rate.count * 1_000) / client.rate.periodMs;
  expect(day).toEqual({
    now: expect.any(Date),
    beginsAt: release.releaseAt,
    services: [
      {
        service: 'spotify',
        verified: 2,
        accepted: 1,
        already: 1,
        failed: 3,
        waiting: { turn: 2, link: 1, work: 0, midnight: 0 },
        lastMinute: 3,
        perSecond,
        secondsLeft: Math.max(0, 2 - client.rate.burst) / perSecond,
      },
    ],
    reminders: { set: 0, sent: 0, handedOver: 0 },
    failures: [
      { service: 'spotify', reason: 'grant_dead', count: 2 },
      { service: 'spotify', reason: 'refused', count: 1 },
    ],
  });
});

test('what failed for one reason is scheduled again, once, with an item each', async () => {
  const release = await stage.addRelease();
  const fans = [
    await save(release.id, 'failed', { reason: 'refused' }),
    await save(release.id, 'failed', { reason: 'refused' }),
  ];
  await save(release.id, 'failed', { reason: 'grant_dead' });
  const items: NewItem[] = [];
  const retry = () =>
    retrySaves(
      { ...deps, insertItems: async (_tx, _project, added) => void items.push(...added) },
      projectId,
      release.id,
      { service: 'spotify', reason: 'refused' },
    );
  const counts = await Promise.all([retry(), retry()]);
  expect(counts.reduce((all, count) => all + count)).toBe(2);
  expect(items.map(({ fanId }) => String(fanId)).toSorted()).toEqual(fans.toSorted());
  expect(await retry()).toBe(0);
  const { services } = await readReleaseDay(deps, projectId, release.id);
  expect([services[0]?.failed, services[0]?.waiting.turn]).toEqual([1, 2]);
});

test('R56 a late release is looked for by its bar code, and no other work is taken for it', async () => {
  const upc = '602475093084';
  const due = new Date(stage.now().getTime() - dayMs / 24);
  const release = await stage.addRelease({ releaseAt: due, services: [], upc });
  const later = await stage.addRelease({ releaseAt: new Date(due.getTime() + 9 * dayMs), services: [], upc });
  for (const { id } of [release, later]) await save(id, 'scheduled');
  const find = createLinkFinder({ ...deps, log: createLog({ level: 'silent' }) });
  const work = {
    kind: 'album' as const,
    artistId: '2takcwOaAZWiXQijPHIx7B',
    title: 'Late',
    artistName: 'Luna Vale',
    releaseAt: due.toISOString(),
    tracks: [{ id: 'lateTrack'.padEnd(22, '0'), title: 'Late', isrc: 'QZ0000000099' }],
  };
  await stage.fake.addWork({ ...work, id: 'another'.padEnd(22, '0'), upc: '602475093091' });
  await find();
  const waiting = async () => (await readReleaseDay(deps, projectId, release.id)).services[0]?.waiting;
  expect(await waiting()).toMatchObject({ work: 1, turn: 0 });
  await stage.fake.addWork({ ...work, id: 'late'.padEnd(22, '0'), upc: `0${upc}` });
  await find();
  expect(await waiting()).toMatchObject({ work: 0, turn: 1 });
  const links = await sql<{ id: string; gate: number }>`
    select s.service_id as id, g.seq as gate from release_service s
      join gate g on g.project_id = s.project_id and g.key = 'release:' || s.release_id
     where s.project_id = ${projectId} and s.release_id = any(${[release.id, later.id]})`.execute(db);
  expect(links.rows).toEqual([{ id: 'late'.padEnd(22, '0'), gate: 1 }]);
});
