import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { testEntry, testTiming } from '../../test/engine/rig.ts';
import { call, counted, createWorld, defer, done, part } from '../../test/engine/world.ts';
import { waitForWorkers } from './control.ts';
import { hasNextPartitions, makePartitions, pruneEventKeys } from './partitions.ts';
import { rollUp } from './rollups.ts';

const world = await createWorld();

test('daily sums equal the outcomes, again and again, by two sweeps at once', async () => {
  const { effect } = counted('once', ({ fanId }) => (fanId?.endsWith('0') ? {} : { reason: 'accepted' }));
  const { engine, clocks } = await world.start({
    steps: [{ step: 'a' }, { step: 'defer' }, { step: 'c' }],
    evaluate: (view, name) => [
      name === 'c'
        ? part(call('e', { credits: { account: 'sms', amount: 2 } }))
        : name === 'a'
          ? done
          : part(defer({ promise: view.fanId ?? '' })),
    ],
    effects: { e: effect },
  });
  const projectId = newId();
  const untilEnded = () =>
    expect
      .poll(async () => {
        const open = sql`select 1 from run where project_id = ${projectId} and state = 'open'`;
        return (await open.execute(world.db)).rows.length;
      })
      .toBe(0);
  const fans = Array.from({ length: 20 }, () => newId());
  await Promise.all(fans.map((fanId) => engine.accept(projectId, testEntry(`1${fanId}`, fanId))));
  await untilEnded();
  expect(await world.openWork(projectId)).toBe(20);
  await clocks.advance(projectId, 86_400_000);
  await Promise.all(fans.slice(0, 5).map((fanId) => engine.accept(projectId, testEntry(`2${fanId}`, fanId))));
  await untilEnded();
  const sums = () =>
    sql`
    select position, status, reason, sum(count)::int as count, sum(credits)::int as credits from rollup
     where project_id = ${projectId} and position > 0 group by 1, 2, 3 order by 1, 2, 3`.execute(world.db);
  const truth = await sql`
    select position, status, coalesce(reason, '') as reason, count(*)::int as count, sum(credits)::int as credits
      from outcome where project_id = ${projectId} group by 1, 2, 3 order by 1, 2, 3`.execute(world.db);
  await Promise.all([rollUp(world.db, new Date()), rollUp(world.db, new Date())]);
  expect((await sums()).rows).toEqual(truth.rows);
  const { rows: days } = await sql`select distinct day from rollup where project_id = ${projectId}`.execute(
    world.db,
  );
  expect(days).toHaveLength(2);
  const { rows: started } = await sql`
    select count::int from rollup where project_id = ${projectId} and position = 0 and status = 'started'
     order by day`.execute(world.db);
  expect(started).toEqual([{ count: 20 }, { count: 5 }]);
  await rollUp(world.db, new Date());
  expect((await sums()).rows).toEqual(truth.rows);
});

test('partitions are made ahead, under two processes, and a missing one is seen', async () => {
  const later = new Date('2031-05-15T00:00:00Z');
  expect(await hasNextPartitions(world.db, later)).toBe(false);
  await Promise.all([makePartitions(world.db, later), makePartitions(world.db, later)]);
  expect(await hasNextPartitions(world.db, later)).toBe(true);
  await makePartitions(world.db, later);
});

test('dedupe keys older than 45 days go, younger ones stay', async () => {
  const { engine } = await world.start({});
  const projectId = newId();
  await engine.accept(projectId, testEntry('old', newId()));
  await engine.accept(projectId, testEntry('new', newId()));
  await sql`update event_key set created_at = now() - interval '46 days' where project_id = ${projectId} and key = 'old'`.execute(
    world.db,
  );
  await pruneEventKeys(world.db);
  const { rows } = await sql`select key from event_key where project_id = ${projectId}`.execute(world.db);
  expect(rows).toEqual([{ key: 'new' }]);
});

test('waiting for workers lasts until every call that looked before has ended', async () => {
  let isOver = false;
  const made = counted('repeatable', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    isOver = true;
    return {};
  });
  const { engine } = await world.start({ evaluate: () => [part(call('e'))], effects: { e: made.effect } });
  await world.start({});
  const { projectId } = await world.run(engine);
  await expect.poll(() => made.calls.length).toBe(1);
  await waitForWorkers(world.db, { ...testTiming, onceTimeoutMs: 2_000 });
  expect(isOver).toBe(true);
  await world.untilIdle(projectId);
});

test('waiting for workers does not wait for the dead', async () => {
  await sql`insert into worker (id, host, beat_at) values (${newId()}, 'dead', now() - interval '1 minute')`.execute(
    world.db,
  );
  const started = Date.now();
  await waitForWorkers(world.db, testTiming);
  expect(Date.now() - started).toBeLessThan(200);
});
