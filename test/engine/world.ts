import { sql } from 'kysely';
import { afterEach, expect } from 'vitest';
import { transaction } from '#db/database.ts';
import type { AcceptResult, Effect, EffectContext, EffectResult, JsonObject } from '#engine/contract.ts';
import { signal, type Signal } from '#engine/gates.ts';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../db.ts';
import { startEngine, testEntry, testPorts, type TestProduct } from './rig.ts';
import { done } from './verdicts.ts';

export { call, defer, done, far, part } from './verdicts.ts';

/** An effect that counts its calls by key and then does what `act` says. */
export function counted(
  effectClass: Effect['class'],
  act: (
    context: EffectContext,
    payload: JsonObject,
    count: number,
  ) => EffectResult | Promise<EffectResult> = () => ({}),
  more: Partial<Effect> = {},
) {
  const calls: EffectContext[] = [];
  const effect: Effect = {
    class: effectClass,
    perform: async (context, payload) => {
      calls.push(context);
      return act(context, payload, calls.length);
    },
    ...more,
  };
  return { effect, calls };
}

/** A database of this test file, and engines over it that end with each test. */
export async function createWorld() {
  const database = await createTestDatabase();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const { db } = database;

  return {
    database,
    db,
    /** One engine with one flow. Give the same `flowId` to start a second process of the same product. */
    async start(
      product: Partial<TestProduct>,
      options: Parameters<typeof startEngine>[2] = {},
      url = database.url,
    ) {
      const whole: TestProduct = {
        steps: [{ step: 'a' }],
        flowId: newId(),
        versionId: newId(),
        evaluate: () => [done],
        effects: {},
        ...product,
      };
      const rig = await startEngine(url, (pool) => testPorts(whole, pool), options);
      open.push(rig);
      return { ...rig, product: whole };
    },
    async run(engine: { accept: EngineLike['accept'] }, payload: JsonObject = {}) {
      const projectId = newId();
      const { runs } = await engine.accept(projectId, testEntry(newId(), newId(), payload));
      return { projectId, runId: runs[0] ?? '' };
    },
    async outcomes(projectId: string, runId: string) {
      const { rows } = await sql<{
        position: number;
        service: string;
        status: string;
        reason: string | null;
      }>`
        select position, service, status, reason from outcome
         where project_id = ${projectId} and run_id = ${runId} order by position, service`.execute(db);
      return rows.map(
        (row) =>
          `${row.position}${row.service && `.${row.service}`} ${row.status}${row.reason === null ? '' : `: ${row.reason}`}`,
      );
    },
    async history(projectId: string, runId: string, position = 1) {
      const { rows } = await sql<{ history: { status: string; reason: string | null }[] }>`
        select history from outcome where project_id = ${projectId} and run_id = ${runId}
           and position = ${position}`.execute(db);
      return (rows[0]?.history ?? []).map(
        (one) => `${one.status}${one.reason === null ? '' : `: ${one.reason}`}`,
      );
    },
    async runState(projectId: string, runId: string) {
      const { rows } = await sql<{ state: string }>`
        select state from run where project_id = ${projectId} and id = ${runId}`.execute(db);
      return rows[0]?.state;
    },
    /** Resolves when no work of the project is left. */
    untilIdle(projectId: string, timeout = 8_000) {
      return expect.poll(() => this.openWork(projectId), { timeout, interval: 10 }).toBe(0);
    },
    async openWork(projectId: string, condition = sql`true`) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from work where project_id = ${projectId} and ${condition}`.execute(db);
      return rows[0]?.count ?? 0;
    },
    untilParked(projectId: string, count = 1) {
      return expect
        .poll(() => this.openWork(projectId, sql`state = 0`), { interval: 10, timeout: 5_000 })
        .toBe(count);
    },
    signal(projectId: string, ...signals: Signal[]) {
      return transaction(db, (tx) => signal(tx, projectId, signals));
    },
  };
}

interface EngineLike {
  accept(projectId: string, entry: ReturnType<typeof testEntry>): Promise<AcceptResult>;
}
