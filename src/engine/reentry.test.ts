import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { textAt } from '#lib/json.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { createWorld, defer, done, part } from '../../test/engine/world.ts';

const world = await createWorld();

async function twenty(reentry: { policy: 'once' | 'cooldown' | 'always'; seconds?: number }) {
  const one = await world.start({ reentry });
  const two = await world.start({ reentry, flowId: one.product.flowId });
  const projectId = newId();
  const fanId = newId();
  const enter = (key: string) => one.engine.accept(projectId, testEntry(key, fanId));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      (at % 2 ? one : two).engine.accept(projectId, testEntry(`${at}`, fanId)),
    ),
  );
  await world.untilIdle(projectId);
  return { projectId, enter, answers, runs: answers.flatMap(({ runs }) => runs), clocks: one.clocks };
}

describe('R29: twenty at once over two processes', () => {
  test('once: one run, ever', async () => {
    const { runs, answers, enter } = await twenty({ policy: 'once' });
    expect(runs).toHaveLength(1);
    expect(answers.filter((one) => one.ignored.length === 1)).toHaveLength(19);
    expect((await enter('later')).ignored[0]?.reason).toBe('once');
  });

  test('cooldown: one run, and another after it, by the domain clock', async () => {
    const { runs, enter, projectId, clocks } = await twenty({ policy: 'cooldown', seconds: 60 });
    expect(runs).toHaveLength(1);
    expect((await enter('soon')).ignored[0]?.reason).toBe('cooldown');
    await clocks.advance(projectId, 61_000);
    expect((await enter('after')).runs).toHaveLength(1);
  });

  test('R30: always: never two live runs of one fan', async () => {
    // Times of two processes prove nothing; the database does: a second open run would be refused.
    await sql`create unique index one_live_run on work (project_id, flow_id, fan_id) where kind = 'run'`.execute(
      world.db,
    );
    const { enter } = await twenty({ policy: 'always' });
    await sql`drop index one_live_run`.execute(world.db);
    expect((await enter('again')).runs).toHaveLength(1);
  });
});

test('R30: a live run refuses another; one whose steps are all deferred is not live', async () => {
  let isHeld = true;
  const { engine } = await world.start({
    gateKeys: () => ['g'],
    evaluate: (_, __, gates) =>
      isHeld
        ? [part({ kind: 'hold', reason: 'quiet_hours' }, [...gates.values()])]
        : [part(defer({ promise: 'p' }))],
  });
  const projectId = newId();
  const fanId = newId();
  await engine.accept(projectId, testEntry('1', fanId));
  await world.untilParked(projectId);
  expect((await engine.accept(projectId, testEntry('2', fanId))).ignored[0]?.reason).toBe('live');
  isHeld = false;
  await world.signal(projectId, { key: 'g' });
  await expect
    .poll(
      async () =>
        (await sql`select 1 from run where project_id = ${projectId} and state = 'ended'`.execute(world.db))
          .rows.length,
    )
    .toBe(1);
  expect((await engine.accept(projectId, testEntry('3', fanId))).runs).toHaveLength(1);
});

describe('A5 R33: events caused by steps', () => {
  /** Every flow's step raises an event that starts the next flow of `flows`. */
  async function chained(flows: string[]) {
    const ignored: string[] = [];
    const { engine } = await world.start({
      evaluate: () => [part({ kind: 'done', events: [{ type: 'next', subject: {} }] })],
      admit: (_tx, _projectId, entries) =>
        Promise.resolve(
          entries.map(({ entry }) => {
            const flowId = flows[entry.chain?.length ?? 0] ?? newId();
            return {
              fanId: textAt(entry.payload, 'fanId'),
              type: entry.type,
              subject: {},
              candidates: [
                {
                  flowId,
                  flowVersionId: newId(),
                  reentry: { policy: 'always' as const },
                  priority: 2,
                  data: {},
                },
              ],
            };
          }),
        ),
    });
    const projectId = newId();
    await engine.accept(projectId, testEntry('k', newId()));
    await world.untilIdle(projectId);
    const { rows } = await sql<{ flow_id: string }>`
      select flow_id from run where project_id = ${projectId} order by id`.execute(world.db);
    const events = await sql<{ result: { ignored: { reason: string }[] } }>`
      select result from event where project_id = ${projectId} order by id`.execute(world.db);
    for (const event of events.rows) ignored.push(...event.result.ignored.map((one) => one.reason));
    return { runs: rows.map((row) => row.flow_id), ignored };
  }

  test('a chain goes three flows deep and is then dropped with its reason', async () => {
    const flows = [newId(), newId(), newId(), newId()];
    expect(await chained(flows)).toEqual({ runs: flows.slice(0, 3), ignored: ['loop'] });
  });

  test('a flow already visited is not entered again', async () => {
    const [a, b] = [newId(), newId()];
    expect(await chained([a, b, a])).toEqual({ runs: [a, b], ignored: ['loop'] });
  });

  test('are there exactly when the outcome is: in the same commit', async () => {
    let writes = 0;
    const { engine } = await world.start({
      steps: [{ step: 'a' }],
      evaluate: (view) => [
        (view.data['chain'] as string[]).length > 1
          ? done
          : part({
              kind: 'done',
              writes: [{ writer: 'w', row: {} }],
              events: [{ type: 'raised', subject: {} }],
            }),
      ],
      writers: {
        w: () => {
          if (++writes < 3) throw new Error('not yet');
          return Promise.resolve();
        },
      },
    });
    const { projectId } = await world.run(engine);
    await world.untilIdle(projectId);
    const { rows } =
      await sql`select 1 from event where project_id = ${projectId} and type = 'raised'`.execute(world.db);
    expect(writes).toBe(3);
    expect(rows).toHaveLength(1);
  });
});
