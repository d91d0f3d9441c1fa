import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { RetryLater } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, part } from '../../test/engine/world.ts';
import { pickFairly } from './claim.ts';
import type { LaneCharge } from './contract.ts';
import { book, type Lane } from './gcra.ts';
import { LaneStock } from './lane-stock.ts';
import { bookLanes } from './lanes.ts';

const world = await createWorld();

const charge = (id: string, count: number, periodMs: number, burst = 1, cost = 1): LaneCharge => ({
  id,
  cost,
  rate: { count, periodMs, burst },
});

test('a lane never lets more than its rate and burst start in any window', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ gap: fc.integer({ min: 0, max: 300 }), cost: fc.integer({ min: 1, max: 3 }) }), {
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 3, max: 6 }),
      (asks, count, burst) => {
        const lane: Lane = { tatMs: 0, count, periodMs: 1_000, burst, blockedUntilMs: null };
        const starts: { at: number; cost: number }[] = [];
        let now = 10_000;
        for (const { gap, cost } of asks) {
          now += gap;
          const booking = book(lane, cost, now, 200);
          if ('freeAtMs' in booking) continue;
          lane.tatMs = booking.tatMs;
          starts.push({ at: booking.startMs, cost });
        }
        for (const first of starts) {
          const inWindow = starts.filter((one) => one.at >= first.at && one.at < first.at + 1_000);
          expect(inWindow.reduce((sum, one) => sum + one.cost, 0)).toBeLessThanOrEqual(count + burst);
        }
      },
    ),
  );
});

test('a cost above the burst passes alone from a rested lane', () => {
  const lane: Lane = { tatMs: 0, count: 1, periodMs: 100, burst: 1, blockedUntilMs: null };
  expect(book(lane, 5, 1_000, 0)).toEqual({ startMs: 1_000, tatMs: 1_500 });
});

describe('booking', () => {
  test('several lanes are booked together or not at all', async () => {
    const [wide, narrow] = [`w${newId()}`, `n${newId()}`];
    const ticket = {
      charges: [charge(wide, 100, 1000, 100), charge(narrow, 1, 60_000)],
      priority: 2,
      gates: [],
    };
    const rides = await bookLanes(world.db, newId(), [ticket, ticket], new LaneStock());
    expect(rides[0]).toEqual({ kind: 'go', waitMs: 0 });
    expect(rides[1]).toMatchObject({ kind: 'wait', lane: narrow });
    const { rows } = await sql<{ used: number }>`
      select extract(epoch from tat - now()) * 1000 as used from lane where id = ${wide}`.execute(world.db);
    expect(Number(rows[0]?.used)).toBeLessThan(15);
  });

  test('units of a wide lane are taken ahead: counted on the lane, used before it is asked again, dropped by a block', async () => {
    const id = `w${newId()}`;
    const stock = new LaneStock();
    const ticket = { charges: [charge(id, 1000, 1000, 1000)], priority: 2, gates: [] };
    await bookLanes(world.db, newId(), [ticket], stock);
    const usedUp = async () => {
      const { rows } = await sql<{ tat: number }>`
        select extract(epoch from tat)::float8 * 1000 as tat from lane where id = ${id}`.execute(world.db);
      return rows[0]?.tat ?? 0;
    };
    const before = await usedUp();
    // One for the ticket, a hundred ahead: a tenth of a second of a thousand a second.
    const taken = Array.from({ length: 101 }, () => stock.take(ticket.charges));
    expect(taken.filter(Boolean)).toHaveLength(100);
    expect(await usedUp()).toBe(before);
    await bookLanes(world.db, newId(), [ticket], stock);
    expect(await usedUp()).toBeGreaterThanOrEqual(before + 100);
    stock.drop([id]);
    expect(stock.take(ticket.charges)).toBe(false);
  });

  test('the more urgent of a batch goes first', async () => {
    const id = newId();
    const ticket = (priority: number) => ({ charges: [charge(id, 1, 60_000)], priority, gates: [] });
    const rides = await bookLanes(world.db, newId(), [ticket(3), ticket(0), ticket(2)], new LaneStock());
    expect(rides.map((ride) => ride.kind)).toEqual(['wait', 'go', 'wait']);
  });

  test('a lane takes a new rate when it is asked for with one', async () => {
    const id = newId();
    const rides = (count: number, burst: number) =>
      bookLanes(
        world.db,
        newId(),
        Array.from({ length: 5 }, () => ({
          charges: [charge(id, count, 60_000, burst)],
          priority: 2,
          gates: [],
        })),
        new LaneStock(),
      );
    expect((await rides(1, 1)).filter((ride) => ride.kind === 'go')).toHaveLength(1);
    expect((await rides(60_000, 60_000)).filter((ride) => ride.kind === 'go')).toHaveLength(5);
  });
});

test('the rate holds over two processes, and nothing is lost', async () => {
  const lane = newId();
  const times: number[] = [];
  const { effect } = counted('repeatable', () => (times.push(performance.now()), {}));
  const evaluate = () => [part(call('e', { lanes: [charge(lane, 40, 1_000, 5)] }))];
  const one = await world.start({ evaluate, effects: { e: effect } });
  const two = await world.start({ flowId: one.product.flowId, evaluate, effects: { e: effect } });
  const projectId = newId();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      (at % 2 ? one : two).engine.accept(projectId, testEntry(`${at}`, newId())),
    ),
  );
  await world.untilIdle(projectId);
  expect(times).toHaveLength(40);
  // 5 at once, 35 more at 40 a second.
  expect(performance.now() - started).toBeGreaterThan(800);
  for (const first of times) {
    expect(times.filter((at) => at >= first && at < first + 500).length).toBeLessThanOrEqual(20 + 5 + 4);
  }
});

test('Retry-After blocks the lane for everything on it, and no other lane', async () => {
  const [blocked, free] = [newId(), newId()];
  const until = new Date(Date.now() + 400);
  const made = counted('repeatable', ({ fanId }, payload, count) => {
    if (payload['lane'] === blocked && count === 1) throw new RetryLater('429', until);
    times.push({ fanId, lane: payload['lane'], at: Date.now() });
    return {};
  });
  const times: { fanId: string | null; lane: unknown; at: number }[] = [];
  const { engine } = await world.start({
    evaluate: (view) => {
      const lane = view.data['event'] && JSON.stringify(view.data['event']).includes('"b"') ? blocked : free;
      return [part(call('e', { payload: { lane }, lanes: [charge(lane, 1000, 1000, 1000)] }))];
    },
    effects: { e: made.effect },
  });
  const projectId = newId();
  await engine.accept(projectId, testEntry('1', newId(), { on: 'b' }));
  await expect.poll(() => made.calls.length).toBe(1);
  await world.untilParked(projectId);
  await engine.accept(projectId, testEntry('2', newId(), { on: 'b' }));
  await engine.accept(projectId, testEntry('3', newId(), { on: 'f' }));
  await world.untilIdle(projectId);
  expect(times.filter((one) => one.lane === free)[0]?.at).toBeLessThan(until.getTime());
  const late = times.filter((one) => one.lane === blocked);
  expect(late).toHaveLength(2);
  // An item may wait up to the lane's patience in hand, never start before.
  for (const one of late) expect(one.at).toBeGreaterThanOrEqual(until.getTime() - 20);
});

test('an outage takes its own lane out: five failures in a row', async () => {
  const lane = newId();
  const made = counted('repeatable', () => {
    throw new RetryLater('503');
  });
  const { engine } = await world.start({
    evaluate: () => [part(call('e', { lanes: [charge(lane, 1000, 1000, 1000)] }))],
    effects: { e: made.effect },
  });
  const projectId = newId();
  await engine.accept(projectId, testEntry('1', newId()));
  await expect
    .poll(
      async () =>
        (await sql`select 1 from lane where id = ${lane} and blocked_until > now()`.execute(world.db)).rows
          .length,
    )
    .toBe(1);
  expect(made.calls).toHaveLength(5);
});

test('a wait for a lane past its last moment is skipped as stale', async () => {
  const lane = charge(newId(), 1, 3_600_000);
  const { effect } = counted('once');
  const { engine } = await world.start({
    evaluate: () => [part(call('e', { lanes: [lane], giveUpAt: new Date(Date.now() - 1) }))],
    effects: { e: effect },
  });
  const first = await world.run(engine);
  await world.untilIdle(first.projectId);
  const second = await world.run(engine);
  await world.untilIdle(second.projectId);
  expect(await world.outcomes(first.projectId, first.runId)).toEqual(['1 done']);
  expect(await world.outcomes(second.projectId, second.runId)).toEqual(['1 skipped: stale']);
});

describe('claiming', () => {
  const candidate = (project_id: string, priority: number, lane = '', room = 100) => ({
    project_id,
    id: newId(),
    lane,
    priority,
    room,
  });

  test('takes the urgent first, then projects in turn, and no lane beyond its room', () => {
    const many = Array.from({ length: 10 }, () => candidate('a', 2));
    const picked = pickFairly([...many, candidate('b', 2), candidate('c', 3), candidate('d', 0)], 4);
    expect(picked.map((one) => one.project_id)).toEqual(['d', 'a', 'b', 'a']);
    expect(
      pickFairly(
        Array.from({ length: 5 }, () => candidate('a', 2, 'l', 2)),
        5,
      ),
    ).toHaveLength(2);
  });

  test('a project with much to do does not keep another waiting', async () => {
    const order: string[] = [];
    const keys = new Set<string>();
    const [big, small] = [newId(), newId()];
    const { effect } = counted('repeatable', async ({ projectId, key }) => {
      // What an earlier test left is taken up by this process too.
      if (projectId !== big && projectId !== small) return {};
      order.push(projectId);
      keys.add(key);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return {};
    });
    const http = await world.start(
      { evaluate: () => [part(call('e'))], effects: { e: effect } },
      { isWorker: false },
    );
    await Promise.all(
      Array.from({ length: 200 }, (_, at) => http.engine.accept(big, testEntry(`${at}`, newId()))),
    );
    await http.engine.accept(small, testEntry('1', newId()));
    await world.start({ ...http.product }, { maxInFlight: 8 });
    await world.untilIdle(big);
    expect(order.indexOf(small)).toBeLessThan(20);
    expect(keys.size).toBe(201);
  });
});
