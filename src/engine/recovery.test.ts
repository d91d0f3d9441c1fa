import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { AmbiguousCommit, transaction } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { testEntry, testTiming } from '../../test/engine/rig.ts';
import { call, counted, createWorld, done, part } from '../../test/engine/world.ts';
import type { CommitKind, Transact } from './commits.ts';

const world = await createWorld();

/** Fails the first `times` commits of a kind: before anything is committed, or after all is. */
function failing(kind: CommitKind, when: 'before' | 'after', times = 1): Transact {
  let left = times;
  return async (db, work, which) => {
    const isHit = which === kind && left > 0 && left-- > 0;
    if (isHit && when === 'before') throw new AmbiguousCommit('lost before');
    const result = await transaction(db, work);
    if (isHit) throw new AmbiguousCommit('lost after');
    return result;
  };
}

describe('a lost answer to COMMIT', () => {
  for (const kind of ['accept', 'intent', 'record'] as const) {
    for (const when of ['before', 'after'] as const) {
      test(`of ${kind}, ${when} it happened: nothing is orphaned, nothing sent twice`, async () => {
        const once = counted('once', undefined, {
          settle: (context) => Promise.resolve(once.calls.some((one) => one.key === context.key) ? {} : null),
        });
        const { engine } = await world.start(
          {
            steps: [{ step: 'a' }, { step: 'b' }],
            evaluate: (_, name) => [name === 'a' ? part(call('e')) : done],
            effects: { e: once.effect },
          },
          { transact: failing(kind, when) },
        );
        const projectId = newId();
        const entry = testEntry('k', newId());
        const accepted = await engine.accept(projectId, entry).catch(async (error: unknown) => {
          if (!(error instanceof AmbiguousCommit)) throw error;
          // The caller asks again with the same key; a new identity needs a heartbeat first.
          return engine.accept(projectId, entry);
        });
        await world.untilIdle(projectId);
        expect(await world.outcomes(projectId, accepted.runs[0] ?? '')).toEqual(['1 done', '2 done']);
        expect(once.calls).toHaveLength(1);
        expect(engine.leasesLost).toBe(1);
      });
    }
  }
});

test('R31: an entry that the database refuses is refused alone', async () => {
  const { engine } = await world.start({
    admit: (tx, _projectId, entries) =>
      Promise.all(
        entries.map(async ({ entry }) => {
          if (entry.key === 'poison') await sql`select 1 / 0`.execute(tx);
          return { fanId: null, type: entry.type, subject: {}, candidates: [] };
        }),
      ),
  });
  const projectId = newId();
  const settled = await Promise.allSettled(
    ['1', '2', 'poison', '4', '5'].map((key) => engine.accept(projectId, testEntry(key, newId()))),
  );
  expect(settled.map((one) => one.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});

test('R31: a step whose rows are refused fails alone, and a call that was made is not made again', async () => {
  const { effect, calls } = counted('once', ({ fanId }) => ({ writes: [{ writer: 'w', row: { fanId } }] }));
  const poison = newId();
  const { engine } = await world.start({
    steps: [{ step: 'a' }, { step: 'b' }],
    evaluate: (_, name) => [name === 'a' ? part(call('e')) : done],
    effects: { e: effect },
    writers: {
      w: (_tx, _projectId, rows) => {
        if (rows.some((one) => one.row['fanId'] === poison)) throw new TypeError('no such fan');
        return Promise.resolve();
      },
    },
  });
  const projectId = newId();
  const fans = [newId(), newId(), poison, newId()];
  const accepted = await Promise.all(fans.map((fanId) => engine.accept(projectId, testEntry(fanId, fanId))));
  await world.untilIdle(projectId);
  const said = await Promise.all(accepted.map((one) => world.outcomes(projectId, one.runs[0] ?? '')));
  expect(said).toEqual(fans.map((fanId) => [fanId === poison ? '1 failed: bug' : '1 done', '2 done']));
  expect(calls).toHaveLength(4);
});

test('R31: local rows that are refused for a while are written when they are taken', async () => {
  let refusals = 3;
  const { engine } = await world.start({
    evaluate: () => [part({ kind: 'done', writes: [{ writer: 'w', row: {} }] })],
    writers: { w: () => (refusals-- > 0 ? Promise.reject(new TypeError('not yet')) : Promise.resolve()) },
  });
  const { projectId, runId } = await world.run(engine);
  await world.untilIdle(projectId);
  expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
});

describe('leases', () => {
  test('what a dead process held is taken over; its once-call is settled, not repeated', async () => {
    let isHanging = true;
    const made = counted('once', () => (isHanging ? new Promise<never>(() => undefined) : {}), {
      settle: () => Promise.resolve({ reason: 'accepted' }),
    });
    const dead = await world.start(
      { evaluate: () => [part(call('e'))], effects: { e: made.effect } },
      { timing: { ...testTiming, onceTimeoutMs: 10 } },
    );
    const { projectId, runId } = await world.run(dead.engine);
    await expect.poll(() => made.calls.length).toBe(1);
    isHanging = false;
    await sql`delete from worker`.execute(world.db);
    await world.start({ ...dead.product });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done: accepted']);
    expect(made.calls).toHaveLength(1);
  });

  test('a process whose lease was taken writes nothing and goes on with nothing', async () => {
    const answer = Promise.withResolvers<void>();
    const made = counted('repeatable', async (_, __, count) => {
      if (count === 1) await answer.promise;
      return { providerId: `p${count}` };
    });
    const late = await world.start({
      steps: [{ step: 'a' }, { step: 'b' }],
      evaluate: (_, name) => [name === 'a' ? part(call('e')) : done],
      effects: { e: made.effect },
    });
    const { projectId, runId } = await world.run(late.engine);
    await expect.poll(() => made.calls.length).toBe(1);
    await sql`update work set state = 0, worker = null where project_id = ${projectId}`.execute(world.db);
    const other = await world.start({ ...late.product });
    await world.untilIdle(projectId);
    answer.resolve();
    await expect.poll(() => late.engine.inFlight + other.engine.inFlight).toBe(0);
    const { rows } =
      await sql`select provider_id, attempts from outcome where run_id = ${runId} and position = 1`.execute(
        world.db,
      );
    expect(rows).toEqual([{ provider_id: 'p2', attempts: 1 }]);
  });

  test('stop waits for calls under way, records them and gives everything back at once', async () => {
    const made = counted('once', async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return {};
    });
    const evaluate = () => [part(call('e'))];
    const steps = [{ step: 'a' }, { step: 'b' }];
    const first = await world.start({ steps, evaluate, effects: { e: made.effect } });
    const { projectId, runId } = await world.run(first.engine);
    await expect.poll(() => made.calls.length).toBe(1);
    await first.engine.stop();
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
    expect(await world.openWork(projectId, sql`state = 0 and worker is null`)).toBe(1);
    await world.start({ ...first.product });
    await world.untilIdle(projectId);
    expect(made.calls).toHaveLength(2);
  });

  test('work accepted by a process that does none is started by one that does, without a poll', async () => {
    const timing = { ...testTiming, pollMs: 60_000 };
    const http = await world.start({}, { isWorker: false, timing });
    await world.start({ ...http.product }, { timing });
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (let at = 0; at < 3; at++) {
      const { projectId, runId } = await world.run(http.engine);
      await world.untilIdle(projectId, 1_000);
      expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
    }
  });

  test('connections cut at any moment cost no outcome and no second sending', async () => {
    const once = counted('once', undefined, {
      settle: (context) => Promise.resolve(once.calls.some((one) => one.key === context.key) ? {} : null),
    });
    const { engine } = await world.start({
      steps: [{ step: 'a' }, { step: 'b' }, { step: 'c' }],
      evaluate: () => [part(call('e'))],
      effects: { e: once.effect },
    });
    const projectId = newId();
    const accepted = Array.from({ length: 120 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 4));
      const entry = testEntry(`${at}`, newId());
      for (;;) {
        try {
          return await engine.accept(projectId, entry);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    for (let at = 0; at < 6; at++) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
        .execute(world.db)
        .catch(() => undefined);
    }
    const runs = (await Promise.all(accepted)).map((one) => one.runs[0]);
    await expect.poll(() => world.openWork(projectId).catch(() => -1), { timeout: 10_000 }).toBe(0);
    expect(new Set(runs).size).toBe(120);
    const counts = Map.groupBy(once.calls, (one) => one.key);
    expect([...counts.values()].filter((calls) => calls.length > 1)).toEqual([]);
    // Cut before its second try could be made, a call that never happened may only be called unknown.
    const { rows } = await sql<{ done: number; unknown: number }>`
      select count(*) filter (where status = 'done')::int as done,
             count(*) filter (where status = 'unknown' and attempts > 1)::int as unknown
        from outcome where project_id = ${projectId}`.execute(world.db);
    const { done: sure = 0, unknown = 0 } = rows[0] ?? {};
    expect(sure + unknown).toBe(360);
    expect(counts.size).toBeGreaterThanOrEqual(sure);
    expect(unknown).toBeLessThan(36);
  });
});
