import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { GiveUp, Unsure } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { testEntry } from '../../test/engine/rig.ts';
import { call, counted, createWorld, part } from '../../test/engine/world.ts';
import { periodOf } from './balances.ts';
import type { EffectResult } from './contract.ts';

const world = await createWorld();
const credits = { account: 'sms', amount: 3 };

async function allow(projectId: string, allowance: number) {
  await sql`
    insert into credit_balance (project_id, account, period, allowance)
    values (${projectId}, 'sms', ${periodOf(new Date())}, ${allowance})`.execute(world.db);
}

async function balance(projectId: string) {
  const { rows } = await sql<{ used: number; reserved: number }>`
    select used, reserved from credit_balance where project_id = ${projectId}`.execute(world.db);
  return rows[0];
}

async function ledger(projectId: string) {
  const { rows } = await sql<{ kind: string; amount: number }>`
    select kind, amount from credit_entry where project_id = ${projectId} order by id`.execute(world.db);
  return rows.map((row) => `${row.kind} ${row.amount}`);
}

async function send(act: () => EffectResult) {
  const { effect } = counted('once', act);
  const { engine } = await world.start({
    evaluate: () => [part(call('e', { credits }))],
    effects: { e: effect },
  });
  const { projectId, runId } = await world.run(engine);
  await world.untilIdle(projectId);
  return { projectId, outcomes: await world.outcomes(projectId, runId) };
}

test('R79: charged with the outcome, once', async () => {
  const { projectId } = await send(() => ({}));
  expect(await balance(projectId)).toEqual({ used: 3, reserved: 0 });
  expect(await ledger(projectId)).toEqual(['charge 3']);
});

test('R79: released when refused', async () => {
  const { projectId } = await send(() => {
    throw new GiveUp('no');
  });
  expect(await balance(projectId)).toEqual({ used: 0, reserved: 0 });
  expect(await ledger(projectId)).toEqual(['release 3']);
});

test('R79: unknown stays reserved', async () => {
  const { projectId, outcomes } = await send(() => {
    throw new Unsure('cut');
  });
  expect(outcomes).toEqual(['1 unknown: maybe_done']);
  expect(await balance(projectId)).toEqual({ used: 0, reserved: 3 });
});

test('R83: the allowance is never exceeded by many at once in two processes; the rest is told', async () => {
  const { effect, calls } = counted('once');
  const evaluate = () => [part(call('e', { credits }))];
  const one = await world.start({ evaluate, effects: { e: effect } });
  const two = await world.start({ flowId: one.product.flowId, evaluate, effects: { e: effect } });
  const projectId = newId();
  await allow(projectId, 50);
  await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      (at % 2 ? one : two).engine.accept(projectId, testEntry(`${at}`, newId())),
    ),
  );
  await world.untilIdle(projectId);
  expect(calls).toHaveLength(16);
  expect(await balance(projectId)).toEqual({ used: 48, reserved: 0 });
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from outcome where project_id = ${projectId} and reason = 'budget'`.execute(
    world.db,
  );
  expect(rows[0]?.count).toBe(44);
});

test('a new period starts with the allowance of the last', async () => {
  const { effect, calls } = counted('once');
  const { engine, clocks } = await world.start({
    evaluate: () => [part(call('e', { credits }))],
    effects: { e: effect },
  });
  const projectId = newId();
  await allow(projectId, 3);
  const go = async (key: string) => {
    await engine.accept(projectId, testEntry(key, newId()));
    await world.untilIdle(projectId);
  };
  await go('1');
  await go('2');
  await clocks.advance(projectId, 32 * 86_400_000);
  await go('3');
  await go('4');
  expect(calls).toHaveLength(2);
});
