import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { Unsure } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, defer, done, part } from '../../test/engine/world.ts';
import { cancelItems, type CancelScope } from './cancel.ts';

const world = await createWorld();

const cancel = (projectId: string, scope: CancelScope, keep?: string[]) =>
  transaction(world.db, (tx) => cancelItems(tx, projectId, scope, 'cancelled', keep));

test('a held run ends; what is left is skipped with the reason', async () => {
  const { engine } = await world.start({
    steps: [{ step: 'a' }, { step: 'hold' }, { step: 'c' }],
    evaluate: (_, name) => [name === 'hold' ? part({ kind: 'hold', reason: 'quiet_hours' }) : done],
  });
  const { projectId, runId } = await world.run(engine);
  await world.untilParked(projectId);
  expect(await cancel(projectId, { runId })).toBe(1);
  await world.untilIdle(projectId);
  expect(await world.outcomes(projectId, runId)).toEqual([
    '1 done',
    '2 skipped: cancelled',
    '3 skipped: cancelled',
  ]);
  expect(await world.runState(projectId, runId)).toBe('cancelled');
  expect(await cancel(projectId, { runId })).toBe(0);
});

test('a call under way ends and is recorded with its facts; nothing after it starts', async () => {
  const written: unknown[] = [];
  for (const effectClass of ['once', 'repeatable'] as const) {
    const answer = Promise.withResolvers<void>();
    const slow = counted(effectClass, async () => {
      await answer.promise;
      return { writes: [{ writer: 'w', row: { effectClass } }] };
    });
    const after = counted('once');
    const { engine } = await world.start({
      steps: [{ step: 'slow' }, { step: 'local' }, { step: 'after' }],
      evaluate: (_, name) =>
        name === 'local' ? [part({ kind: 'done', writes: [{ writer: 'w', row: {} }] })] : [part(call(name))],
      effects: { slow: slow.effect, after: after.effect },
      writers: { w: (_tx, _p, rows) => Promise.resolve(void written.push(...rows.map((one) => one.row))) },
    });
    const { projectId, runId } = await world.run(engine);
    await expect.poll(() => slow.calls.length).toBe(1);
    await cancel(projectId, { runId });
    answer.resolve();
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual([
      '1 done',
      '2 skipped: cancelled',
      '3 skipped: cancelled',
    ]);
    expect(after.calls).toEqual([]);
  }
  expect(written).toEqual([{ effectClass: 'once' }, { effectClass: 'repeatable' }]);
});

for (const effectClass of ['once', 'keyed'] as const) {
  test(`${effectClass}: an unsure call is settled before the item ends, and never sent again`, async () => {
    const made = counted(
      effectClass,
      () => {
        throw new Unsure('cut');
      },
      { windowMs: 60_000, settle: () => Promise.resolve({ reason: 'accepted' }) },
    );
    const { engine } = await world.start({ evaluate: () => [part(call('e'))], effects: { e: made.effect } });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    await cancel(projectId, { runId });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done: accepted']);
    expect(made.calls).toHaveLength(1);
    expect(await world.runState(projectId, runId)).toBe('cancelled');
  });
}

test('by flow, keeping what belongs to the fan; by fan, all', async () => {
  const { engine, product } = await world.start({
    steps: [{ step: 'defer' }, { step: 'hold' }],
    evaluate: (_, name) => [name === 'hold' ? part({ kind: 'hold', reason: 'quiet_hours' }) : part(defer())],
  });
  const projectId = newId();
  const fanId = newId();
  const { runs } = await engine.accept(projectId, testEntry('k', fanId));
  await world.untilParked(projectId, 2);
  await cancel(projectId, { flowId: product.flowId }, ['step']);
  await expect
    .poll(() => world.outcomes(projectId, runs[0] ?? ''))
    .toEqual(['1 deferred: not_connected', '2 skipped: cancelled']);
  await cancel(projectId, { fanId });
  await world.untilIdle(projectId);
  expect(await world.outcomes(projectId, runs[0] ?? '')).toEqual([
    '1 skipped: cancelled',
    '2 skipped: cancelled',
  ]);
  expect((await sql`select 1 from waiting where project_id = ${projectId}`.execute(world.db)).rows).toEqual(
    [],
  );
});
