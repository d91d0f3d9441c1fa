import { sql } from 'kysely';
import { expect, test } from 'vitest';
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

async function start(amounts: { flow?: number; day?: number }, act = () => ({})) {
  const { effect, calls } = counted('once', act);
  const world1 = await world.start({
    evaluate: () => [part(call('e', { credits }))],
    effects: { e: effect },
  });
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
