import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { testTiming } from '../../test/engine/rig.ts';
import { call, counted, createWorld, done, part } from '../../test/engine/world.ts';
import { createBreaker } from './breaker.ts';
import type { Effect } from './contract.ts';

const world = await createWorld();

/** Runs one step with this effect to its end; what the record says and which calls were made. */
async function play(made: ReturnType<typeof counted>, change: Parameters<typeof call>[1] = {}) {
  const { engine } = await world.start({
    evaluate: () => [part(call('e', change))],
    effects: { e: made.effect },
  });
  const { projectId, runId } = await world.run(engine);
  await world.untilIdle(projectId);
  return {
    projectId,
    runId,
    outcomes: await world.outcomes(projectId, runId),
    history: await world.history(projectId, runId),
    calls: made.calls,
  };
}

const failing =
  (error: () => Error, times = Infinity) =>
  (_: unknown, __: unknown, count: number) => {
    if (count <= times) throw error();
    return { providerId: `p${count}` };
  };

async function intents(projectId: string) {
  const { rows } = await sql<{ state: string; attempt: number }>`
    select state, attempt from intent where project_id = ${projectId} order by id`.execute(world.db);
  return rows.map((row) => `${row.state} ${row.attempt}`);
}

/** What is left in the database of two refusals and a call that worked. */
const intentsOfThree = {
  repeatable: [],
  keyed: ['done 3'],
  once: ['refused 1', 'refused 1', 'done 1'],
};

describe('every class', () => {
  for (const effectClass of ['repeatable', 'keyed', 'once'] as const) {
    const more: Partial<Effect> = effectClass === 'keyed' ? { windowMs: 60_000 } : {};

    test(`${effectClass}: R32 a refusal is final and never repeated`, async () => {
      for (const [error, said] of [
        [new GiveUp('no'), '1 failed: refused'],
        [new GiveUp('no', { skip: 'opted_out' }), '1 skipped: opted_out'],
        [new Undeliverable('gone'), '1 failed: undeliverable'],
      ] as const) {
        const { outcomes, calls } = await play(
          counted(
            effectClass,
            failing(() => error),
            more,
          ),
        );
        expect(outcomes).toEqual([said]);
        expect(calls).toHaveLength(1);
      }
    });

    test(`${effectClass}: R32 known not to have happened is tried again, with the same key`, async () => {
      const { outcomes, calls, projectId } = await play(
        counted(
          effectClass,
          failing(() => new RetryLater('busy'), 2),
          more,
        ),
      );
      expect(outcomes).toEqual(['1 done']);
      expect(calls).toHaveLength(3);
      expect(new Set(calls.map((one) => one.key)).size).toBe(1);
      expect(await intents(projectId)).toEqual(intentsOfThree[effectClass]);
    });

    test(`${effectClass}: R32 gives up when a retry is pointless`, async () => {
      const giveUpAt = new Date(Date.now() + 150);
      const made = counted(
        effectClass,
        failing(() => new RetryLater('busy')),
        more,
      );
      const { outcomes, projectId } = await play(made, { giveUpAt });
      expect(outcomes).toEqual(['1 failed: gave_up']);
      expect((await intents(projectId)).filter((one) => one.startsWith('open'))).toEqual([]);
    });
  }

  test('a retry for one call alone waits as long as it was told, and other calls do not', async () => {
    const at = new Date(Date.now() + 300);
    const made = counted(
      'repeatable',
      failing(() => new RetryLater('later', at, { isLaneWide: false }), 1),
    );
    await play(made);
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime() - 5);
  });

  test('facts learned from a refusal are written, and looked at again where the effect says so', async () => {
    const learned: unknown[] = [];
    let isBlocked = false;
    const made = counted(
      'once',
      failing(() => new GiveUp('blocked')),
      {
        onRefused: () => ({ writes: [{ writer: 'w', row: { blocked: true } }], lookAgain: true }),
      },
    );
    const { engine } = await world.start({
      evaluate: () => [isBlocked ? part({ kind: 'skip', reason: 'provider_block' }) : part(call('e'))],
      effects: { e: made.effect },
      writers: {
        w: (_tx, _projectId, rows) => {
          learned.push(...rows.map((one) => one.row));
          isBlocked = true;
          return Promise.resolve();
        },
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(learned).toEqual([{ blocked: true }]);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 skipped: provider_block']);
    expect(await intents(projectId)).toEqual(['refused 1']);
  });
});

describe('repeatable', () => {
  test('unsure is repeated, since a repeat changes nothing', async () => {
    const { outcomes, calls } = await play(
      counted(
        'repeatable',
        failing(() => new Unsure('cut'), 1),
      ),
    );
    expect(outcomes).toEqual(['1 done']);
    expect(calls).toHaveLength(2);
  });

  test('any other error is a bug: some tries, then failed where the artist sees it', async () => {
    const { outcomes, calls } = await play(
      counted(
        'repeatable',
        failing(() => new TypeError('oops')),
      ),
    );
    expect(outcomes).toEqual(['1 failed: bug']);
    expect(calls).toHaveLength(8);
  });

  test('a dead credential leads to a new look, a few times at most', async () => {
    const { outcomes, calls } = await play(
      counted(
        'repeatable',
        failing(() => new NeedsReconnect('401')),
      ),
    );
    expect(outcomes).toEqual(['1 failed: refused']);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThan(6);
  });
});

describe('once', () => {
  for (const error of [new Unsure('cut'), new TypeError('unreadable'), new Error('socket hang up')]) {
    test(`${error.name}: ${error.message}: settled as found, not repeated`, async () => {
      const made = counted(
        'once',
        failing(() => error),
        {
          settle: () => Promise.resolve({ providerId: 'found', reason: 'accepted' }),
        },
      );
      const { outcomes, calls, projectId } = await play(made);
      expect(outcomes).toEqual(['1 done: accepted']);
      expect(calls).toHaveLength(1);
      expect(await intents(projectId)).toEqual(['done 1']);
    });
  }

  test('is not settled before its time, so that no call can still be under way', async () => {
    const started = Date.now();
    let settledAt = 0;
    await play(
      counted(
        'once',
        failing(() => new Unsure('cut')),
        {
          settle: () => {
            settledAt = Date.now();
            return Promise.resolve({});
          },
        },
      ),
    );
    expect(settledAt - started).toBeGreaterThanOrEqual(testTiming.settleAfterMs - 20);
  });

  test('settled as not carried out: sent once more under the same intent, with the same payload', async () => {
    const payloads: unknown[] = [];
    let looks = 0;
    const made = counted(
      'once',
      (_, payload, count) => {
        payloads.push(payload);
        if (count === 1) throw new Unsure('cut');
        return {};
      },
      { settle: () => Promise.resolve(null) },
    );
    const { engine } = await world.start({
      evaluate: () => [part(call('e', { payload: { text: `look ${looks++}` } }))],
      effects: { e: made.effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
    expect(payloads).toEqual([{ text: 'look 0' }, { text: 'look 0' }]);
    expect(await intents(projectId)).toEqual(['done 2']);
  });

  test('not carried out twice in a row: unknown, and no third sending', async () => {
    const made = counted(
      'once',
      failing(() => new Unsure('cut')),
      { settle: () => Promise.resolve(null) },
    );
    const { outcomes, calls } = await play(made);
    expect(outcomes).toEqual(['1 unknown: maybe_done']);
    expect(calls).toHaveLength(2);
  });

  test('cannot be looked up: unknown, shown as such', async () => {
    const { outcomes, calls, projectId } = await play(
      counted(
        'once',
        failing(() => new Unsure('cut')),
      ),
    );
    expect(outcomes).toEqual(['1 unknown: maybe_done']);
    expect(calls).toHaveLength(1);
    expect(await intents(projectId)).toEqual(['unknown 1']);
  });

  test('a look-up that says that nobody will ever know: unknown at once', async () => {
    const made = counted(
      'once',
      failing(() => new Unsure('cut')),
      { settle: () => Promise.reject(new Unsure('nobody can say')) },
    );
    const { outcomes, calls } = await play(made);
    expect(outcomes).toEqual(['1 unknown: maybe_done']);
    expect(calls).toHaveLength(1);
  });

  test('a look-up that fails for now is tried again', async () => {
    let asked = 0;
    const made = counted(
      'once',
      failing(() => new Unsure('cut')),
      {
        settle: () => {
          if (++asked < 3) throw new RetryLater('down');
          return Promise.resolve({});
        },
      },
    );
    expect((await play(made)).outcomes).toEqual(['1 done']);
    expect(asked).toBe(3);
  });

  test('not carried out, and meanwhile not allowed any more: skipped, not sent', async () => {
    let isStopped = false;
    const made = counted(
      'once',
      () => {
        isStopped = true;
        throw new Unsure('cut');
      },
      { settle: () => Promise.resolve(null) },
    );
    const { engine } = await world.start({
      evaluate: () => [isStopped ? part({ kind: 'skip', reason: 'opted_out' }) : part(call('e'))],
      effects: { e: made.effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 skipped: opted_out']);
    expect(made.calls).toHaveLength(1);
  });

  test('not carried out, and meanwhile it has to wait: held like one that was never tried', async () => {
    let isNight = false;
    const made = counted(
      'once',
      () => {
        isNight = true;
        throw new Unsure('cut');
      },
      { settle: () => Promise.resolve(null) },
    );
    const { engine } = await world.start({
      evaluate: () => [isNight ? part({ kind: 'hold', reason: 'quiet_hours' }) : part(call('e'))],
      effects: { e: made.effect },
    });
    const { projectId, runId } = await world.run(engine);
    await expect.poll(() => world.outcomes(projectId, runId)).toEqual(['1 held: quiet_hours']);
    expect(made.calls).toHaveLength(1);
  });
});

describe('keyed', () => {
  test('unsure is repeated inside the window: same key, same frozen payload', async () => {
    const payloads: unknown[] = [];
    let looks = 0;
    const made = counted(
      'keyed',
      (_, payload, count) => {
        payloads.push(payload);
        if (count === 1) throw new Unsure('cut');
        return {};
      },
      { windowMs: 60_000 },
    );
    const { engine } = await world.start({
      evaluate: () => [part(call('e', { payload: { look: looks++ } }))],
      effects: { e: made.effect },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
    expect(payloads).toEqual([{ look: 0 }, { look: 0 }]);
    expect(new Set(made.calls.map((one) => one.key)).size).toBe(1);
  });

  test('after the window is as once', async () => {
    const { outcomes, calls } = await play(
      counted(
        'keyed',
        failing(() => new Unsure('cut')),
        { windowMs: 50 },
      ),
    );
    expect(outcomes).toEqual(['1 unknown: maybe_done']);
    // On a loaded machine the window may be over before the call is made: then it is not made at all.
    expect(calls.length).toBeLessThanOrEqual(1);
  });
});

describe('evaluation', () => {
  test('that throws is tried again, then the step fails as a bug and the run goes on', async () => {
    let tries = 0;
    const { engine } = await world.start({
      steps: [{ step: 'bad' }, { step: 'ok' }],
      evaluate: (_, name) => {
        if (name === 'ok') return [done];
        tries++;
        throw new TypeError('bad config');
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 failed: bug', '2 done']);
    expect(tries).toBe(8);
  });

  test('that cannot reach the database is not an attempt', async () => {
    let tries = 0;
    const { engine } = await world.start({
      evaluate: () => {
        if (tries++ < 12) throw Object.assign(new Error('gone'), { code: '57P01' });
        return [done];
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
  });

  test('a plan that cannot be read keeps the run, without calling out', async () => {
    const { effect, calls } = counted('once');
    let isReadable = false;
    const { engine, product } = await world.start({
      evaluate: () => [part(call('e'))],
      effects: { e: effect },
    });
    const { steps } = product;
    Object.defineProperty(product, 'steps', {
      get: () => {
        if (!isReadable) throw new Error('no such version');
        return steps;
      },
    });
    const { projectId, runId } = await world.run(engine);
    await world.untilParked(projectId);
    expect(calls).toEqual([]);
    isReadable = true;
    await world.untilIdle(projectId);
    expect(await world.outcomes(projectId, runId)).toEqual(['1 done']);
  });
});

describe('circuit breaker', () => {
  const lanes = [{ id: 'l', cost: 1, rate: { count: 1, periodMs: 1, burst: 1 } }];

  test('opens after five failures in a row, longer each time, and a success closes it', () => {
    let now = 0;
    const breaker = createBreaker(() => now);
    const fail = () => breaker.failed(lanes);
    expect([fail(), fail(), fail(), fail(), fail()]).toEqual([null, null, null, null, 2_000]);
    expect(fail()).toBeNull();
    now = 2_000;
    expect(fail()).toBe(4_000);
    now = 6_000;
    breaker.succeeded(lanes);
    expect([fail(), fail(), fail(), fail()]).toEqual([null, null, null, null]);
    expect(fail()).toBe(2_000);
  });
});
