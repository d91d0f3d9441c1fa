/**
 * A worker process to be killed. It accepts `accept` events (asking again until each is taken),
 * drives what is due, and kills itself where its orders say.
 */
import { transaction } from '#db/database.ts';
import type { Transact } from '#engine/commits.ts';
import { startEngine, testEntry, testPorts } from './rig.ts';
import { processProduct } from './process-product.ts';

export interface Orders {
  url: string;
  provider: string;
  name: string;
  projectId: string;
  flowId: string;
  versionId: string;
  /** Fan ids; the key of each event is its fan's. */
  accept: string[];
  /** How long after a call its fate is looked up; a provider that is slow to read needs longer. */
  settleAfterMs?: number;
  /** Where to die: at the `nth` time that this point is passed. */
  die?: { at: `${'before' | 'inside' | 'after'} ${'accept' | 'intent' | 'record' | 'call'}`; nth: number };
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders; // written by the test beside it
let passed = 0;

async function pass(point: string): Promise<void> {
  if (point !== orders.die?.at || ++passed < orders.die.nth) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

const transact: Transact = async (db, work, kind) => {
  await pass(`before ${kind}`);
  const result = await transaction(db, async (tx) => {
    const done = await work(tx);
    await pass(`inside ${kind}`);
    return done;
  });
  await pass(`after ${kind}`);
  return result;
};

const product = processProduct(orders, {
  before: () => pass('before call'),
  after: () => pass('after call'),
});
const { engine } = await startEngine(orders.url, (db) => testPorts(product, db), {
  transact,
  timing: processTiming(),
});
console.log('started');
await Promise.all(
  orders.accept.map(async (fanId) => {
    for (;;) {
      try {
        return await engine.accept(orders.projectId, testEntry(fanId, fanId));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }),
);
console.log('accepted');
setInterval(() => undefined, 60_000);

function processTiming() {
  const base = {
    // Longer than a loaded machine keeps a process waiting: a lease that is lost twice ends as unknown.
    heartbeatMs: 200,
    startStopMs: 800,
    leaseMs: 1_500,
    onceTimeoutMs: 1_000,
    settleAfterMs: orders.settleAfterMs ?? 1_200,
  };
  return { ...base, pollMs: 100, lanePollMs: 20, backoffMs: 50, backoffMaxMs: 500 };
}
