import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { createTestDatabase } from '../../test/db.ts';
import { allowPurposes } from './grants.ts';
import { cancelRelease, updateRelease } from './releases.ts';
import { readOutcomes, startStreaming, type StreamingStep } from './testing/engine.ts';
import { allow, dayMs, setStage } from './testing/stage.ts';
import { undoFollow, undoSave } from './undo.ts';

const { db, url } = await createTestDatabase();
const stage = await setStage(db);
afterAll(() => stage.close());
const { projectId } = stage;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  stage.fake.setFault({ mode: 'ok' });
  for (const one of open.splice(0)) await one.close();
});

const start = async (steps: StreamingStep[]) => {
  const rig = await startStreaming(stage, url, steps);
  open.push(rig);
  return rig;
};
const outcomes = (runId: string) => readOutcomes(stage, runId);
const settle = (runId: string, wanted: string[]) =>
  expect.poll(() => outcomes(runId), { timeout: 8_000, interval: 20 }).toEqual(wanted);

async function saveOf(fanId: string, releaseId: string) {
  const { rows } = await sql<{ state: string }>`
    select state from save where fan_id = ${fanId} and release_id = ${releaseId} and service = 'spotify'`.execute(
    db,
  );
  return rows[0]?.state;
}

const uriOf = (release: { services: { serviceId: string }[] }) =>
  `spotify:album:${release.services[0]!.serviceId}`;

describe('the example flow', () => {
  test('S3 connected and allowed: scheduled, followed, performed at the release, verified', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id), allow('follow', stage.artistId)] });
    const { run, events } = await start([
      ['presave', release.id],
      ['followArtist', stage.artistId],
    ]);
    const runId = await run(fan);
    await settle(runId, ['1 spotify done scheduled', '2 spotify done ']);
    expect(await stage.following(fan)).toEqual(['spotify:artist:2takcwOaAZWiXQijPHIx7B']);
    expect(await stage.library(fan)).toEqual([]);
    await stage.clocks.advance(projectId, 31 * dayMs);
    await settle(runId, ['1 spotify done verified', '2 spotify done ']);
    expect(await stage.library(fan)).toEqual([uriOf(release)]);
    expect(events.map(({ type }) => type)).toEqual(['release.presaved', 'artist.followed', 'release.saved']);
    expect(await saveOf(fan, release.id)).toBe('verified');
  });

  test('S1 unknown to every service: both deferred, both done when the fan links', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const { run } = await start([
      ['presave', release.id],
      ['followArtist', stage.artistId],
    ]);
    const runId = await run(fan);
    await settle(runId, ['1  deferred not_connected', '2  deferred not_connected']);
    await stage.link(fan, { purposes: [allow('release', release.id), allow('follow', stage.artistId)] });
    await settle(runId, ['1 spotify done scheduled', '2 spotify done ']);
    expect(await stage.following(fan)).toHaveLength(1);
  });

  test('R30 a later run points to the open promise and moves with it', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const { run } = await start([['presave', release.id]]);
    const first = await run(fan);
    await settle(first, ['1  deferred not_connected']);
    const second = await run(fan);
    await settle(second, ['1  deferred same_promise']);
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    await settle(first, ['1 spotify done scheduled']);
    await settle(second, ['1 spotify done scheduled']);
    expect(await saveOf(fan, release.id)).toBe('scheduled');
  });

  test('R100 needs_ok is lifted by one tap', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan);
    const { run } = await start([['presave', release.id]]);
    const runId = await run(fan);
    await settle(runId, ['1 spotify deferred needs_ok']);
    await allowPurposes(db, { projectId, fanId: fan }, [allow('release', release.id)], stage.now());
    await settle(runId, ['1 spotify done scheduled']);
    expect(await saveOf(fan, release.id)).toBe('scheduled');
  });

  test('S5 dead and not known: the probe finds out before anything is claimed', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const provenAt = new Date(stage.now().getTime() - 2 * dayMs);
    const tokens = await stage.link(fan, { provenAt, purposes: [allow('release', release.id)] });
    await stage.fake.revokeGrant(tokens.refreshToken!);
    const { run, events } = await start([['presave', release.id]]);
    const runId = await run(fan);
    await settle(runId, ['1 spotify deferred grant_dead']);
    expect(events).toEqual([]);
    await stage.link(fan, { purposes: [] });
    await settle(runId, ['1 spotify done scheduled']);
  });

  test('R58 R59 many sign-ins that end on one day stop nobody else: the breaker stays closed', async () => {
    const release = await stage.addRelease();
    const provenAt = new Date(stage.now().getTime() - 2 * dayMs);
    const purposes = [allow('release', release.id)];
    const { run } = await start([['presave', release.id]]);
    const ended: string[] = [];
    for (let at = 0; at < 12; at++) {
      const fan = await stage.addFan();
      const { refreshToken } = await stage.link(fan, { provenAt, purposes });
      await stage.fake.revokeGrant(refreshToken ?? '');
      ended.push(await run(fan));
    }
    for (const runId of ended) await settle(runId, ['1 spotify deferred grant_dead']);
    const { rows } = await sql`select id from lane where blocked_until is not null or failures > 0`.execute(
      db,
    );
    expect(rows).toEqual([]);
    const fan = await stage.addFan();
    await stage.link(fan, { provenAt, purposes });
    await settle(await run(fan), ['1 spotify done scheduled']);
  });

  test('R103 alive after a day of silence: probed, then scheduled, and the proof written down', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const provenAt = new Date(stage.now().getTime() - 2 * dayMs);
    await stage.link(fan, { provenAt, purposes: [allow('release', release.id)] });
    const { run } = await start([['presave', release.id]]);
    const runId = await run(fan);
    await settle(runId, ['1 spotify done scheduled']);
    const { grants } = await stage.facts(fan);
    expect(stage.now().getTime() - grants[0]!.provenAt.getTime()).toBeLessThan(60_000);
    expect(await saveOf(fan, release.id)).toBe('scheduled');
  });

  test('R63 the service refuses the account: the grant says so and a reminder takes the place', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan({ hasConsent: true });
    const provenAt = new Date(stage.now().getTime() - 2 * dayMs);
    await stage.link(fan, { provenAt, purposes: [allow('release', release.id)] });
    stage.fake.configure({ mode: 'development', allowedUsers: ['somebody-else'] });
    const { run } = await start([['presave', release.id]]);
    const runId = await run(fan);
    await settle(runId, ['1 spotify done reminder_set']);
    stage.fake.configure({ mode: 'extended', allowedUsers: null });
    expect((await stage.facts(fan)).grants[0]?.state).toBe('refused_by_app');
  });
});

async function scheduled(releaseAt = new Date(stage.now().getTime() + 10 * dayMs)) {
  const release = await stage.addRelease({ releaseAt });
  const fan = await stage.addFan();
  await stage.link(fan, { purposes: [allow('release', release.id)] });
  const rig = await start([['presave', release.id]]);
  const runId = await rig.run(fan);
  await settle(runId, ['1 spotify done scheduled']);
  return { release, fan, runId, ...rig };
}

describe('R56 a scheduled save', () => {
  test('follows its release to a new date, without a word in the record of the run', async () => {
    const { release, fan, runId } = await scheduled();
    const releaseAt = new Date(release.releaseAt.getTime() + 20 * dayMs);
    await updateRelease(db, projectId, release.id, { releaseAt });
    await stage.clocks.advance(projectId, 11 * dayMs);
    await expect
      .poll(
        async () =>
          (await sql<{ due_at: Date }>`select due_at from work where fan_id = ${fan}`.execute(db)).rows,
      )
      .toEqual([{ due_at: releaseAt }]);
    expect(await stage.library(fan)).toEqual([]);
    await stage.clocks.advance(projectId, 20 * dayMs);
    await settle(runId, ['1 spotify done verified']);
    const { rows } = await sql<{ history: { reason: string }[] }>`
      select history from outcome where run_id = ${runId}`.execute(db);
    expect(rows[0]!.history.map(({ reason }) => reason)).toEqual(['scheduled', 'verified']);
  });

  test('ends where the release is cancelled', async () => {
    const { release, fan, runId } = await scheduled();
    await cancelRelease(db, projectId, release.id, stage.now());
    await settle(runId, ['1 spotify skipped release_cancelled']);
    expect(await saveOf(fan, release.id)).toBe('cancelled');
  });

  test('is retried until the service is back', async () => {
    const { release, fan, runId } = await scheduled();
    stage.fake.setFault({ mode: 'error', count: 3 });
    await stage.clocks.advance(projectId, 11 * dayMs);
    await settle(runId, ['1 spotify done verified']);
    expect(await stage.library(fan)).toEqual([uriOf(release)]);
  });

  test('waits for its fan where the link has died, and is performed after the next sign-in', async () => {
    const { fan, runId, release } = await scheduled(new Date(stage.now().getTime() + 300 * dayMs));
    await stage.clocks.advance(projectId, 301 * dayMs);
    await settle(runId, ['1 spotify deferred grant_dead']);
    await stage.link(fan);
    await settle(runId, ['1 spotify done verified']);
    expect(await stage.library(fan)).toEqual([uriOf(release)]);
  });

  test('taken back by the fan is not performed', async () => {
    const { release, fan, runId } = await scheduled();
    const key = { projectId, fanId: fan, service: 'spotify' };
    const deps = { ...stage, grantAccess: stage.streaming.grantAccess };
    await undoSave(deps, key, release.id);
    await settle(runId, ['1 spotify skipped cancelled']);
    await stage.clocks.advance(projectId, 11 * dayMs);
    expect(await stage.library(fan)).toEqual([]);
    expect((await stage.facts(fan)).purposes).toEqual([]);
  });
});

describe('undo', () => {
  test('R100 takes a performed save and a follow back at the service', async () => {
    const release = await stage.addRelease({ releaseAt: stage.now() });
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id), allow('follow', stage.artistId)] });
    const { run } = await start([
      ['saveRelease', release.id],
      ['followArtist', stage.artistId],
    ]);
    await settle(await run(fan), ['1 spotify done verified', '2 spotify done ']);
    const key = { projectId, fanId: fan, service: 'spotify' };
    const deps = { ...stage, grantAccess: stage.streaming.grantAccess };
    await undoSave(deps, key, release.id);
    await undoFollow(deps, key, stage.artistId);
    expect([await stage.library(fan), await stage.following(fan)]).toEqual([[], []]);
    const facts = await stage.facts(fan);
    expect([facts.saves[0]?.state, facts.followed, facts.purposes]).toEqual(['undone', [], []]);
  });
});

describe('writers', () => {
  test('equal saves in one commit are one save; the others answer already', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const row = { releaseId: release.id, service: 'spotify', state: 'scheduled' };
    const now = stage.now();
    const rows = [1, 2].map(() => ({ row, fanId: fan, runId: null, now }));
    const mark = stage.streaming.writers['save.mark']!;
    const answers = await transaction(db, (tx) => mark(tx, projectId, rows));
    expect(answers).toEqual([undefined, { reason: 'already', dropEvents: true }]);
    const reminder = { ...rows[0]!, row: { ...row, state: 'reminder_set' } };
    expect(await transaction(db, (tx) => mark(tx, projectId, [reminder]))).toEqual([
      { reason: 'already', dropEvents: true },
    ]);
    expect(await saveOf(fan, release.id)).toBe('scheduled');
  });

  test('two transactions over the same fans in other orders do not deadlock', async () => {
    const release = await stage.addRelease();
    const fans = await Promise.all(Array.from({ length: 30 }, () => stage.addFan()));
    const mark = stage.streaming.writers['save.mark']!;
    const rows = (order: string[]) =>
      order.map((fanId) => ({
        row: { releaseId: release.id, service: 'spotify', state: 'scheduled' },
        fanId,
        runId: null,
        now: stage.now(),
      }));
    const [a, b] = await Promise.all([
      transaction(db, (tx) => mark(tx, projectId, rows(fans))),
      transaction(db, (tx) => mark(tx, projectId, rows(fans.toReversed()))),
    ]);
    const fresh = [...(a ?? []), ...(b ?? [])].filter((answer) => answer === undefined);
    expect(fresh).toHaveLength(30);
  });
});

test('R9 a paused flow does not keep a deferred step from its fan', async () => {
  const fan = await stage.addFan();
  const { run } = await start([['followArtist', stage.artistId]]);
  const runId = await run(fan);
  await settle(runId, ['1  deferred not_connected']);
  const { rows } = await sql<{ flow_id: string }>`select flow_id from run where id = ${runId}`.execute(db);
  await transaction(db, (tx) =>
    signal(tx, projectId, [{ key: gateKeys.flow(rows[0]!.flow_id), closed: true }]),
  );
  await stage.link(fan, { purposes: [allow('follow', stage.artistId)] });
  await settle(runId, ['1 spotify done ']);
  expect(await stage.following(fan)).toHaveLength(1);
});
