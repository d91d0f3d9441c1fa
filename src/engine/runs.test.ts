import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { textAt } from '#lib/json.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, defer, done, far, part } from '../../test/engine/world.ts';
import type { ItemView, Part } from './contract.ts';

const world = await createWorld();

describe('a run', () => {
  test('R24, R25, R26: goes through its steps in order and ends', async () => {
    const order: string[] = [];
    const step = (name: string) => () => (order.push(name), { providerId: name });
    const { engine } = await world.start({
      steps: [{ step: 'one' }, { step: 'local' }, { step: 'two' }],
      evaluate: (_, name) => (name === 'local' ? [done] : [part(call(name))]),
      effects: { one: counted('repeatable', step('one')).effect, two: counted('once', step('two')).effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(order).toEqual(['one', 'two']);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done', '2 done', '3 done']);
    expect(await world.runState(projectId, runId)).toBe('ended');
  });

  test('without steps ends at once', async () => {
    const { engine } = await world.start({ steps: [] });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.runState(projectId, runId)).toBe('ended');
  });

  test('R23: equal events twenty at once, over two processes, are one event with equal answers', async () => {
    const one = await world.start({});
    const two = await world.start({ flowId: one.product.flowId });
    const projectId = newId();
    const fanId = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? one : two).engine.accept(projectId, testEntry('same', fanId)),
      ),
    );
    expect(new Set(answers.map(({ eventId, runs }) => `${eventId} ${runs.join()}`)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  test('the same key with another content is told from a repeat', async () => {
    const { engine } = await world.start({});
    const projectId = newId();
    const entry = testEntry('k', newId());
    await engine.accept(projectId, entry);
    const again = await engine.accept(projectId, { ...entry, fingerprint: 'other' });
    expect(again).toMatchObject({ duplicate: true, isMismatch: true });
  });

  test('R27: a failed step does not stop later ones, unless it says so', async () => {
    for (const stopOnFailure of [false, true]) {
      const { engine } = await world.start({
        steps: [{ step: 'bad', stopOnFailure }, { step: 'ok' }],
        evaluate: (_, name) => (name === 'bad' ? [part(call('none-such'))] : [done]),
        effects: {},
      });
      const { projectId, runId } = await world.run(engine);
      await world.untilIdle(projectId);
      expect(await world.outcomes(projectId, runId)).toEqual([
        '1 failed: bug',
        stopOnFailure ? '2 skipped: stopped' : '2 done',
      ]);
      // The next product must not find this one's engine at work.
      await engine.stop();
    }
  });

  test('R27: skipped and deferred do not count as failure', async () => {
    const { engine } = await world.start({
      steps: [{ step: 'skip', stopOnFailure: true }, { step: 'defer', stopOnFailure: true }, { step: 'ok' }],
      evaluate: (view, name) => {
        if (view.kind === 'step' && view.now.getFullYear() < 2000) return [done];
        if (name === 'skip') return [part({ kind: 'skip', reason: 'no_address' })];
        return name === 'defer' ? [part(defer())] : [done];
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual([
      '1 skipped: no_address',
      '2 deferred: not_connected',
      '3 done',
    ]);
    expect(await world.runState(projectId, runId)).toBe('ended');
  });

  test('keeps per step the time, attempts, provider id and history (R34)', async () => {
    const { effect } = counted('repeatable', () => ({ providerId: 'p1', reason: 'accepted', detail: 'yes' }));
    const { engine } = await world.start({ evaluate: () => [part(call('e'))], effects: { e: effect } });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    const { rows } = await sql`
      select status, reason, detail, attempts, provider_id, ended_at is not null as over, history
        from outcome where run_id = ${runId}`.execute(world.db);
    expect(rows).toMatchObject([
      { status: 'done', reason: 'accepted', detail: 'yes', attempts: 1, provider_id: 'p1', over: true },
    ]);
  });

  test('what a provider says may hold NUL and half characters', async () => {
    const { effect } = counted('once', () => ({ providerId: 'a\u0000b', detail: 'x\ud83d \\u0000 \u0000' }));
    const { engine } = await world.start({ evaluate: () => [part(call('e'))], effects: { e: effect } });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    const { rows } = await sql`select provider_id, detail from outcome where run_id = ${runId}`.execute(
      world.db,
    );
    expect(rows).toEqual([{ provider_id: 'ab', detail: 'x\ufffd \\u0000 ' }]);
  });
});

describe('hold', () => {
  test('waits at the step until its date; later steps wait with it', async () => {
    const until = new Date(Date.now() + 150);
    const seen: (Date | null)[] = [];
    const { engine } = await world.start({
      steps: [{ step: 'text' }, { step: 'after' }],
      evaluate: (view, name) => {
        if (name !== 'text') return [done];
        seen.push(view.heldSince);
        return [view.now < until ? part({ kind: 'hold', reason: 'quiet_hours', until }) : done];
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 held: quiet_hours']);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done', '2 done']);
    expect(await world.history(projectId, runId)).toEqual(['held: quiet_hours', 'done']);
    expect(seen[0]).toBeNull();
    expect(seen.at(-1)).toBeInstanceOf(Date);
  });

  test('without a date waits for its gate alone', async () => {
    let isOpen = false;
    const { engine } = await world.start({
      gateKeys: () => ['flow'],
      evaluate: (_, __, gates) => [
        isOpen ? done : part({ kind: 'hold', reason: 'flow_paused' }, [...gates.values()]),
      ],
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    isOpen = true;
    await world.signal(projectId, { key: 'flow', closed: false });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
  });

  test('one part held without end does not keep an unsure one from being settled', async () => {
    const { effect } = counted(
      'once',
      () => {
        throw new Error('cut off');
      },
      { settle: () => Promise.resolve({ providerId: 'found' }) },
    );
    let isOpen = false;
    const { engine } = await world.start({
      gateKeys: () => ['g'],
      evaluate: (_, __, gates) => [
        part(call('e'), [], 'x'),
        isOpen
          ? part({ kind: 'done' }, [], 'y')
          : part({ kind: 'hold', reason: 'flow_paused' }, [...gates.values()], 'y'),
      ],
      effects: { e: effect },
    });
    const { projectId, runId } = await world.run(engine);
    await expect
      .poll(() => world.outcomes(projectId, runId), { timeout: 3_000 })
      .toEqual(['1.x done', '1.y held: flow_paused']);
    isOpen = true;
    await world.signal(projectId, { key: 'g' });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1.x done', '1.y done']);
  });
});

/** Two steps that are deferred until `gate` is signalled, then done by an effect. */
function deferring(order: string[], isReady: (view: ItemView) => boolean, change = {}) {
  return {
    steps: [{ step: 'one' }, { step: 'two' }, { step: 'text' }],
    gateKeys: () => ['link'],
    evaluate: (
      view: ItemView,
      name: string,
      gates: Map<string, { key: string; seq: number; closed: boolean }>,
    ): Part[] => {
      if (name === 'text') return [done];
      if (!isReady(view))
        return [part(defer({ promise: `${view.fanId}:${name}`, ...change }), [...gates.values()])];
      return [part(call('act', { payload: { name } }), [...gates.values()])];
    },
    effects: {
      act: counted('repeatable', async (_, payload) => {
        await new Promise((resolve) => setTimeout(resolve, 15));
        order.push(textAt(payload, 'name'));
        return {};
      }).effect,
    },
  };
}

describe('defer', () => {
  test('leaves the run, later steps go on at once; a signal performs all in position order', async () => {
    const order: string[] = [];
    let isReady = false;
    const { engine } = await world.start(deferring(order, () => isReady));
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId, 2);
    expect(await world.outcomes(projectId, runId)).toEqual([
      '1 deferred: not_connected',
      '2 deferred: not_connected',
      '3 done',
    ]);
    isReady = true;
    await world.signal(projectId, { key: 'link' });
    await world.untilIdle(projectId);
    expect(order).toEqual(['one', 'two']);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done', '2 done', '3 done']);
    expect(await world.history(projectId, runId)).toEqual(['deferred: not_connected', 'done']);
  });

  test('is woken by its date', async () => {
    const until = new Date(Date.now() + 200);
    const { engine } = await world.start(deferring([], (view) => view.now >= until, { until }));
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done', '2 done', '3 done']);
  });

  test('at its deadline is skipped for the reason it waited', async () => {
    const deadlineAt = new Date(Date.now() + 150);
    const { engine } = await world.start(deferring([], () => false, { deadlineAt }));
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual([
      '1 skipped: not_connected',
      '2 skipped: not_connected',
      '3 done',
    ]);
  });

  test('follows the domain clock when it jumps', async () => {
    const deadlineAt = new Date(Date.now() + 86_400_000);
    const { engine, clocks } = await world.start(deferring([], () => false, { deadlineAt }));
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId, 2);
    await clocks.advance(projectId, 2 * 86_400_000);
    await world.untilIdle(projectId);
    expect((await world.outcomes(projectId, runId))[0]).toBe('1 skipped: not_connected');
    await expect(clocks.advance(projectId, -1)).rejects.toThrow('forward');
  });

  test('R30: a later run points to the open promise and mirrors it', async () => {
    let isReady = false;
    const order: string[] = [];
    const { engine } = await world.start(deferring(order, () => isReady));
    const projectId = newId();
    const fanId = newId();
    const first = await engine.accept(projectId, testEntry('1', fanId));
    await world.untilParked(projectId, 2);
    const second = await engine.accept(projectId, testEntry('2', fanId));
    const runId = second.runs[0] ?? '';
    await expect.poll(() => world.runState(projectId, runId)).toBe('ended');
    expect(await world.outcomes(projectId, runId)).toEqual([
      '1 deferred: same_promise',
      '2 deferred: same_promise',
      '3 done',
    ]);
    isReady = true;
    await world.signal(projectId, { key: 'link' });
    await world.untilIdle(projectId);
    expect(order).toEqual(['one', 'two']);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done', '2 done', '3 done']);
    expect(await world.outcomes(projectId, first.runs[0] ?? '')).toEqual(['1 done', '2 done', '3 done']);
    const { rows } = await sql<{ is_mirror: boolean }>`
      select is_mirror from outcome where run_id = ${runId} order by position`.execute(world.db);
    expect(rows.map((row) => row.is_mirror)).toEqual([true, true, false]);
  });

  test('splits into services when they become known; one that waits keeps its line', async () => {
    let phase = 0;
    const { engine } = await world.start({
      gateKeys: () => ['link'],
      evaluate: (_, __, gates) => {
        const reads = [...gates.values()];
        if (phase === 0) return [part(defer({ promise: 'p' }), reads)];
        const b =
          phase === 1
            ? part(defer({ reason: 'needs_ok', promise: 'b' }), reads, 'b')
            : part({ kind: 'done' }, [], 'b');
        return [part({ kind: 'done' }, [], 'a'), b];
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    phase = 1;
    await world.signal(projectId, { key: 'link' });
    await expect.poll(() => world.outcomes(projectId, runId)).toEqual(['1.a done', '1.b deferred: needs_ok']);
    phase = 2;
    await world.signal(projectId, { key: 'link' });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1.a done', '1.b done']);
  });

  test('a service that waits without a line of its own is not lost when another settles first', async () => {
    const { effect } = counted('repeatable', (_, __, count) => {
      if (count < 3) throw new TypeError('not yet');
      return {};
    });
    let isLinked = false;
    const { engine } = await world.start({
      gateKeys: () => ['link'],
      evaluate: (_, __, gates) =>
        isLinked
          ? [part({ kind: 'done' }, [], 'a'), part(call('e'), [], 'b')]
          : [part(defer(), [...gates.values()])],
      effects: { e: effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    isLinked = true;
    await world.signal(projectId, { key: 'link' });
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1.a done', '1.b done']);
  });

  test('five hundred deferred steps are woken and moved together', async () => {
    let isReady = false;
    const { engine } = await world.start(deferring([], () => isReady));
    const projectId = newId();
    await Promise.all(
      Array.from({ length: 250 }, (_, at) => engine.accept(projectId, testEntry(`${at}`, newId()))),
    );
    await world.untilParked(projectId, 500);
    isReady = true;
    await world.signal(projectId, { key: 'link' });
    await world.untilIdle(projectId);
    const { rows } = await sql<{ status: string; count: number }>`
      select status, count(*)::int as count from outcome where project_id = ${projectId} group by 1`.execute(
      world.db,
    );
    expect(rows).toEqual([{ status: 'done', count: 750 }]);
  });
});

describe('items of other kinds', () => {
  test('a scheduled item takes the outcome over from its step and is performed at its moment', async () => {
    const at = new Date(Date.now() + 200);
    const itemId = newId();
    const { engine } = await world.start({
      evaluate: (view) => {
        if (view.kind === 'save') return [part({ kind: 'done', reason: 'verified' }, [], 'x')];
        const item = {
          id: itemId,
          kind: 'save',
          fanId: view.fanId,
          runId: view.runId,
          position: 1,
          service: 'x',
          priority: 2,
          dueAt: at,
          data: {},
        };
        return [part({ kind: 'done', reason: 'scheduled', items: [item], tracks: itemId }, [], 'x')];
      },
    });
    const { projectId, runId } = await world.run(engine);
    await expect.poll(() => world.outcomes(projectId, runId)).toEqual(['1.x done: scheduled']);
    expect(await world.runState(projectId, runId)).toBe('ended');
    await world.untilIdle(projectId);
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
    expect(await world.outcomes(projectId, runId)).toEqual(['1.x done: verified']);
  });

  test('one that is due at once starts with the commit that made it; one for later waits', async () => {
    const { effect, calls } = counted('once');
    const { engine } = await world.start({
      admit: (_tx, _projectId, entries) =>
        Promise.resolve(
          entries.map(({ entry }) => ({
            fanId: null,
            type: entry.type,
            subject: {},
            candidates: [],
            items: [
              { kind: 'send', fanId: null, priority: 0, dueAt: new Date(0), data: {} },
              { kind: 'send', fanId: null, priority: 0, dueAt: far, data: {} },
            ],
          })),
        ),
      evaluate: () => [part(call('e'))],
      effects: { e: effect },
    });
    const projectId = newId();
    await engine.accept(projectId, testEntry('k', newId()));
    await expect.poll(() => calls.length).toBe(1);
    // The one that was called is not recorded yet when its call is over.
    await expect.poll(() => world.openWork(projectId)).toBe(1);
  });
});
