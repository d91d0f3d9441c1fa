import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, defer, done, part } from '../../test/engine/world.ts';
import { holdGates, readGates, signal } from './gates.ts';
import { insertItems } from './insert-items.ts';

const world = await createWorld();

test('reads of missing gates are open at 0, and are made when they are held', async () => {
  const projectId = newId();
  const reads = await readGates(world.db, projectId, ['a', 'b']);
  expect([...reads.values()]).toEqual([
    { key: 'a', seq: 0, closed: false },
    { key: 'b', seq: 0, closed: false },
  ]);
  const moved = await transaction(world.db, (tx) => holdGates(tx, projectId, reads.values()));
  expect(moved).toEqual(new Set());
});

test('a held gate cannot be moved before the holder commits', async () => {
  const projectId = newId();
  const reads = await readGates(world.db, projectId, ['a']);
  const order: string[] = [];
  let signalled: Promise<void> | undefined;
  await transaction(world.db, async (tx) => {
    await holdGates(tx, projectId, reads.values());
    signalled = world.signal(projectId, { key: 'a', closed: true }).then(() => void order.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('held');
  });
  await signalled;
  expect(order).toEqual(['held', 'closed']);
  const after = await readGates(world.db, projectId, ['a']);
  expect(after.get('a')).toEqual({ key: 'a', seq: 1, closed: true });
});

test('a signal that says nothing of closing leaves the gate as it is', async () => {
  const projectId = newId();
  await world.signal(projectId, { key: 'a', closed: true });
  await world.signal(projectId, { key: 'a' });
  expect((await readGates(world.db, projectId, ['a'])).get('a')).toMatchObject({ seq: 2, closed: true });
});

test('a signal between the look and the park loses no wake: a run', async () => {
  let looks = 0;
  const { engine } = await world.start({
    gateKeys: () => ['g'],
    evaluate: async (view, _, gates) => {
      if (looks++ > 0) return [done];
      await world.signal(view.projectId, { key: 'g' });
      return [part({ kind: 'hold', reason: 'flow_paused' }, [...gates.values()])];
    },
  });
  const { projectId } = await world.run(engine);
  await world.untilIdle(projectId);
  expect(looks).toBe(2);
});

test('a signal between the look and the commit loses no wake: a deferred step', async () => {
  let isReady = false;
  const { engine } = await world.start({
    gateKeys: () => ['g'],
    evaluate: async (view, _, gates) => {
      if (view.kind === 'step') return [isReady ? done : part(defer(), [...gates.values()])];
      await world.signal(view.projectId, { key: 'g' });
      isReady = true;
      return [part(defer(), [...gates.values()])];
    },
  });
  const { projectId, runId } = await world.run(engine);
  await world.untilIdle(projectId);
  expect(await world.history(projectId, runId)).toEqual(['deferred: not_connected', 'done']);
});

test('an item made outside a step holds its gates itself', async () => {
  const projectId = newId();
  const [read] = (await readGates(world.db, projectId, ['g'])).values();
  await world.signal(projectId, { key: 'g' });
  const item = {
    kind: 'send',
    fanId: null,
    priority: 2,
    dueAt: new Date('2099-01-01'),
    waitOn: read ? [read] : [],
    data: {},
  };
  await transaction(world.db, (tx) => insertItems(tx, projectId, [item], null));
  expect(await world.openWork(projectId, sql`due_at = '-infinity'`)).toBe(1);
});

for (const effectClass of ['once', 'repeatable'] as const) {
  test(`a call whose gate closed after the look is not made, but looked at again: ${effectClass}`, async () => {
    const { effect, calls } = counted(effectClass);
    const { engine } = await world.start({
      gateKeys: () => ['fan'],
      evaluate: async (view, _, gates) => {
        const reads = [...gates.values()];
        if (reads[0]?.closed) return [part({ kind: 'skip', reason: 'opted_out' }, reads)];
        await world.signal(view.projectId, { key: 'fan', closed: true });
        return [part(call('e'), reads)];
      },
      effects: { e: effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(calls).toEqual([]);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 skipped: opted_out']);
  });
}

test('no intent commits after the commit that closed its gate, whatever the load', async () => {
  const closedAt = new Map<string, number>();
  const late: string[] = [];
  const { effect } = counted('once', ({ fanId }) => {
    if (closedAt.has(fanId ?? '')) late.push(fanId ?? '');
    return {};
  });
  const { engine } = await world.start({
    steps: [{ step: 'a' }, { step: 'b' }, { step: 'c' }],
    gateKeys: (view) => [`fan:${view.fanId}`],
    evaluate: (_, __, gates) => {
      const reads = [...gates.values()];
      return [part(reads[0]?.closed ? { kind: 'skip', reason: 'opted_out' } : call('e'), reads)];
    },
    effects: { e: effect },
  });
  const projectId = newId();
  const fans = Array.from({ length: 60 }, () => newId());
  const accepted = Promise.all(fans.map((fanId) => engine.accept(projectId, testEntry(fanId, fanId))));
  for (const fanId of fans) {
    await world.signal(projectId, { key: `fan:${fanId}`, closed: true });
    // Intents committed before may still be on the wire for a moment: their order is the database's.
    const { rows } = await sql<{ sent: boolean }>`
      select exists (select 1 from intent where fan_id = ${fanId} and state = 'open') as sent`.execute(
      world.db,
    );
    if (!rows[0]?.sent) closedAt.set(fanId, Date.now());
  }
  await accepted;
  await world.untilIdle(projectId);
  expect(late).toEqual([]);
});

test('of two intents that move the same gate only one is committed from the same state', async () => {
  let sent = 0;
  const { effect } = counted('once', () => (sent++, {}));
  const product = {
    steps: [{ step: 'a' }],
    gateKeys: () => ['cap'],
    evaluate: (_: unknown, __: string, gates: Map<string, { key: string; seq: number; closed: boolean }>) => {
      const reads = [...gates.values()];
      const used = reads[0]?.seq ?? 0;
      return [
        {
          ...part(used >= 3 ? { kind: 'skip', reason: 'cap' } : call('e'), reads),
          moves: used >= 3 ? [] : ['cap'],
        },
      ];
    },
    effects: { e: effect },
  };
  const one = await world.start(product);
  const two = await world.start({ ...product, flowId: one.product.flowId });
  const projectId = newId();
  await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      (at % 2 ? one : two).engine.accept(projectId, testEntry(`${at}`, newId())),
    ),
  );
  await world.untilIdle(projectId);
  expect(sent).toBe(3);
});

test('a signal in a transaction that rolls back changes nothing', async () => {
  const projectId = newId();
  await expect(
    transaction(world.db, async (tx) => {
      await signal(tx, projectId, [{ key: 'a', closed: true }]);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect((await readGates(world.db, projectId, ['a'])).get('a')?.seq).toBe(0);
});
