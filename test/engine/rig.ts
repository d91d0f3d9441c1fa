import { connectToListen, createPool } from '#db/pool.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import type {
  Admission,
  Effect,
  Entry,
  ItemView,
  JsonObject,
  Part,
  Ports,
  Writer,
} from '#engine/contract.ts';
import { Engine, type EngineOptions } from '#engine/engine.ts';
import { readGates } from '#engine/gates.ts';
import { defaultTiming, type Timing } from '#engine/timing.ts';
import { systemClock, type WallClock } from '#lib/clock.ts';
import { textAt } from '#lib/json.ts';
import { createLog } from '#lib/log.ts';

/** Times short enough for tests, in the same order as the real ones. */
export const testTiming: Timing = {
  ...defaultTiming,
  heartbeatMs: 60,
  startStopMs: 400,
  leaseMs: 600,
  onceTimeoutMs: 150,
  settleAfterMs: 200,
  pollMs: 50,
  lanePollMs: 20,
  backoffMs: 20,
  backoffMaxMs: 60,
};

/** One step of a test flow: what to answer, as plain data, so that child processes can be told too. */
export interface TestStep {
  step: string;
  stopOnFailure?: boolean;
}

export interface TestProduct {
  steps: TestStep[];
  reentry?: Admission['candidates'][number]['reentry'];
  flowId: string;
  versionId: string;
  evaluate: (
    view: ItemView,
    step: string,
    gates: Awaited<ReturnType<typeof readGates>>,
  ) => Part[] | Promise<Part[]>;
  /** Gates that every evaluation reads first. */
  gateKeys?: (view: ItemView) => string[];
  effects: Record<string, Effect>;
  writers?: Record<string, Writer>;
  admit?: Ports['admit'];
}

/** Engine ports over test-only steps; fans are given by the entry's payload. */
export function testPorts(product: TestProduct, db: EngineOptions['db']): Ports {
  return {
    plan: () =>
      Promise.resolve({
        steps: product.steps.map(({ step, stopOnFailure }) => ({
          step,
          stopOnFailure: stopOnFailure ?? false,
        })),
      }),
    async evaluate(view) {
      const gates = await readGates(db, view.projectId, product.gateKeys?.(view) ?? []);
      return product.evaluate(view, product.steps[view.position - 1]?.step ?? view.kind, gates);
    },
    admit:
      product.admit ??
      ((_tx, _projectId, entries) => Promise.resolve(entries.map(({ entry }) => admitOne(product, entry)))),
    effects: product.effects,
    writers: product.writers ?? {},
    seal: (text) => Buffer.from(text),
    unseal: (sealed) => sealed.toString(),
  };
}

function admitOne(product: TestProduct, entry: Entry): Admission {
  return {
    fanId: textAt(entry.payload, 'fanId'),
    type: entry.type,
    subject: entry.payload,
    candidates: [
      {
        flowId: product.flowId,
        flowVersionId: product.versionId,
        reentry: product.reentry ?? { policy: 'always' },
        priority: 2,
        data: {},
      },
    ],
  };
}

export function testEntry(key: string, fanId: string, payload: JsonObject = {}): Entry {
  return {
    source: 'test',
    key,
    type: 'test',
    fingerprint: '',
    occurredAt: new Date(),
    payload: { fanId, ...payload },
  };
}

/** One engine over a database, with a heartbeat connection of its own; `close` stops it all. */
export async function startEngine(
  url: string,
  makePorts: (db: EngineOptions['db']) => Ports,
  { wall = systemClock, ...options }: Partial<EngineOptions> & { wall?: WallClock } = {},
) {
  const pool = createPool({ url, max: 8 });
  const beat = createPool({ url, max: 1 });
  const clocks = new ProjectClocks(pool.db, wall);
  const engine = new Engine({
    db: pool.db,
    heartbeatDb: beat.db,
    connect: () => connectToListen(url),
    clocks,
    ports: makePorts(pool.db),
    log: createLog({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    timing: testTiming,
    ...options,
  });
  await engine.start();
  return {
    engine,
    db: pool.db,
    clocks,
    /** Cuts everything without a word, as a kill would; for engines that must not act any more. */
    bury: async () => {
      const closing = Promise.allSettled([beat.close(), pool.close()]);
      // From the next turn on no connection can be had: whatever it still wants to say goes nowhere.
      await new Promise((resolve) => setImmediate(resolve));
      await engine.stop();
      await closing;
    },
    close: async () => {
      await engine.stop();
      await beat.close();
      await pool.close();
    },
  };
}
