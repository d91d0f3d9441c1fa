import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { GiveUp } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, part } from '../../test/engine/world.ts';
import { dayScope, periodOf } from './balances.ts';

const world = await createWorld();
const credits = { account: 'sms', amount: 3 };
const dayMs = 86_400_000;

async function budget(projectId: string, scope: string, amount: number) {
  await sql`
    insert into budget (project_id, account, scope, amount, at_limit)
    values (${projectId}, 'sms', ${scope}, ${amount}, 'stop')`.execute(world.db);
  await sql`
    insert into credit_balance (project_id, account, period, is_budgeted)
    values (${projectId}, 'sms', ${periodOf(new Date())}, true) on conflict do nothing`.execute(world.db);
}

/** By scope, of every period. */
async function balances(projectId: string) {
  const { rows } = await sql<{ scope: string; used: number; reserved: number }>`
    select scope, used, reserved from budget_balance
     where project_id = ${projectId} order by scope, period`.execute(world.db);
  return rows.map(({ scope, used, reserved }) => [scope, used, reserved]);
}

async function start(
  amounts: { flow?: number; day?: number },
  act: () => object | Promise<object> = () => ({}),
  wall = systemClock,
) {
  const { effect, calls } = counted('once', act);
  const evaluate = () => [part(call('e', { credits }))];
  const world1 = await world.start({ evaluate, effects: { e: effect } }, { wall });
  const projectId = newId();
  const { flowId } = world1.product;
  if (amounts.flow !== undefined) await budget(projectId, flowId, amounts.flow);
  if (amounts.day !== undefined) await budget(projectId, dayScope, amounts.day);
  const go = async (key: string) => {
    await world1.engine.accept(projectId, testEntry(key, newId()));
    await world.untilIdle(projectId);
  };
  return { ...world1, projectId, flowId, effect, calls, go };
}

test('R83 eight workers at once never use one credit more than the budget that ends first', async () => {
  const first = await start({ flow: 40, day: 50 });
  const evaluate = () => [part(call('e', { credits }))];
  const more = [];
  for (let at = 1; at < 8; at++)
    more.push(await world.start({ flowId: first.flowId, evaluate, effects: { e: first.effect } }));
  const workers = [first, ...more];
  await Promise.all(
    Array.from({ length: 80 }, (_, at) =>
      (workers[at % 8] ?? first).engine.accept(first.projectId, testEntry(`${at}`, newId())),
    ),
  );
  await world.untilIdle(first.projectId);
  // Eight share one small pool: one that cannot prove that it lives loses its work, which stays reserved.
  expect(first.calls.length).toBeLessThanOrEqual(13);
  const taken = (await balances(first.projectId)).map(([scope, used, reserved]) => [
    scope,
    Number(used) + Number(reserved),
  ]);
  expect(new Map(taken as [string, number][])).toEqual(
    new Map([
      [dayScope, 39],
      [first.flowId, 39],
    ]),
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from outcome
     where project_id = ${first.projectId} and reason = 'budget'`.execute(world.db);
  expect(rows[0]?.count).toBe(67);
});

test('R79 R83 what was refused gives its credits back to the budget', async () => {
  const { projectId, go, calls } = await start({ day: 3 }, () => {
    throw new GiveUp('no');
  });
  await go('1');
  await go('2');
  expect(calls).toHaveLength(2);
  expect(await balances(projectId)).toEqual([[dayScope, 0, 0]]);
});

test('R83 a day’s budget is whole again on the next day, a flow’s in the next month', async () => {
  const { projectId, clocks, go, calls } = await start({ day: 3, flow: 6 });
  await go('1');
  await go('2');
  expect(calls).toHaveLength(1);
  // Into the next month, and a day further.
  await clocks.advance(projectId, 32 * dayMs);
  await go('3');
  await clocks.advance(projectId, dayMs);
  await go('4');
  await clocks.advance(projectId, dayMs);
  await go('5');
  // Two in the new month are all that the flow may; the month may have ended in between.
  const isNewMonth = new Date(Date.now() + 34 * dayMs).getUTCDate() <= 2;
  expect(calls).toHaveLength(isNewMonth ? 4 : 3);
});

/** The machine's clock, which a person or a time server may set back. */
function setClock(at: string) {
  const clock = { offsetMs: 0, now: () => new Date(Date.now() + clock.offsetMs) };
  const set = (to: string) => (clock.offsetMs = Date.parse(to) - Date.now());
  set(at);
  return { wall: clock, set };
}

test('R83 a clock set back: no day gets more than its budget, nothing goes twice, and work goes on', async () => {
  const { wall, set } = setClock('2026-08-12T00:30:00Z');
  const { projectId, go, calls } = await start({ day: 6 }, undefined, wall);
  await go('1');
  // Over midnight, into a day that has a budget of its own.
  set('2026-08-11T23:30:00Z');
  for (const key of ['2', '3', '4']) await go(key);
  expect(calls).toHaveLength(3);
  // The event that came before is known, whatever the clock says.
  await go('1');
  expect(calls).toHaveLength(3);
  set('2026-08-12T00:30:00Z');
  for (const key of ['5', '6']) await go(key);
  expect(calls).toHaveLength(4);
  expect(await balances(projectId)).toEqual([
    [dayScope, 6, 0],
    [dayScope, 6, 0],
  ]);
  expect(new Set(calls.map(({ key }) => key)).size).toBe(4);
});

test('R79 R83 a clock set back while a message is under way: it is settled in the day it was reserved in', async () => {
  const { wall, set } = setClock('2026-08-12T00:30:00Z');
  const back = () => {
    set('2026-08-11T23:30:00Z');
    return {};
  };
  const { projectId, go } = await start({ day: 6 }, back, wall);
  await go('1');
  const { rows } = await sql`
    select period, used::int, reserved::int from budget_balance where project_id = ${projectId}`.execute(
    world.db,
  );
  expect(rows).toEqual([{ period: '2026-08-12', used: 3, reserved: 0 }]);
});
