import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { startEngine, testEntry, testPorts, type TestProduct } from '../../test/engine/rig.ts';
import type { Part } from './contract.ts';

const database = await createTestDatabase();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const far = new Date('2099-01-01');
const done: Part = { service: '', verdict: { kind: 'done' }, gates: [] };
const call = (effect: string): Part => ({
  service: '',
  gates: [],
  verdict: { kind: 'call', effect, payload: { effect }, lanes: [], giveUpAt: far },
});

async function start(product: Partial<TestProduct>) {
  const whole: TestProduct = {
    steps: [{ step: 'a' }],
    flowId: newId(),
    versionId: newId(),
    evaluate: () => [done],
    effects: {},
    ...product,
  };
  const rig = await startEngine(database.url, (db) => testPorts(whole, db));
  open.push(rig);
  return rig;
}

async function outcomesOf(projectId: string, runId: string) {
  const { rows } = await sql<{ position: number; status: string; reason: string | null }>`
    select position, status, reason from outcome where project_id = ${projectId} and run_id = ${runId}
     order by position, service`.execute(database.db);
  return rows;
}

async function untilEnded(projectId: string, runId: string) {
  await expect
    .poll(
      async () =>
        (
          await database.db
            .selectFrom('run')
            .select('state')
            .where('project_id', '=', projectId)
            .where('id', '=', runId)
            .executeTakeFirst()
        )?.state,
      { timeout: 5_000, interval: 10 },
    )
    .not.toBe('open');
}

describe('a run', () => {
  test('goes through its steps in order and ends (R24, R25)', async () => {
    const order: string[] = [];
    const perform = (name: string) => ({
      class: 'repeatable' as const,
      perform: () => {
        order.push(name);
        return Promise.resolve({ providerId: name });
      },
    });
    const { engine } = await start({
      steps: [{ step: 'one' }, { step: 'local' }, { step: 'two' }],
      evaluate: (_, step) => (step === 'local' ? [done] : [call(step)]),
      effects: { one: perform('one'), two: { ...perform('two'), class: 'once' } },
    });
    const projectId = newId();
    const { runs } = await engine.accept(projectId, testEntry('k', newId()));
    await untilEnded(projectId, runs[0]!);
    expect(order).toEqual(['one', 'two']);
    expect(await outcomesOf(projectId, runs[0]!)).toEqual([
      { position: 1, status: 'done', reason: null },
      { position: 2, status: 'done', reason: null },
      { position: 3, status: 'done', reason: null },
    ]);
    expect((await sql`select 1 from work where project_id = ${projectId}`.execute(database.db)).rows).toEqual(
      [],
    );
  });

  test('equal events twenty at once are one event with equal answers (R23)', async () => {
    const { engine } = await start({});
    const projectId = newId();
    const fanId = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => engine.accept(projectId, testEntry('same', fanId))),
    );
    expect(new Set(answers.map((one) => `${one.eventId} ${one.runs.join()}`)).size).toBe(1);
    expect(answers.filter((one) => !one.duplicate)).toHaveLength(1);
  });
});
