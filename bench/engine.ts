/** `npm run bench -- engine`: what durability costs, with the calls alone as the floor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { Pool as HttpPool } from 'undici';
import { transaction } from '#db/database.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import type { Effect, EffectContext, ItemView, Part, Ports } from '#engine/contract.ts';
import { readGates, signal } from '#engine/gates.ts';
import { makePartitions } from '#engine/partitions.ts';
import { defaultTiming } from '#engine/timing.ts';
import { newId } from '#lib/ids.ts';
import { startEngine, testEntry } from '../test/engine/rig.ts';
import { call, defer, done, part } from '../test/engine/verdicts.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export interface EngineFigures {
  flowsPerSecond: number;
  floorPerSecond: number;
  ratioToFloor: number;
  duplicates: number;
  losses: number;
  commitsPerRun: number;
  cpuMsPerRun: number;
  p50Ms: number;
  p99Ms: number;
  parkedPerSecond: number;
  wokenByDatePerSecond: number;
  wokenBySignalPerSecond: number;
  peakMb: number;
}

/** Runs all parts on a database made for it, fsync and synchronous_commit on. */
export async function benchEngine(options: { runs?: number } = {}): Promise<EngineFigures> {
  const runs = options.runs ?? 10_000;
  const dataDir = mkdtempSync(path.join('/tmp', 'segue-bench-'));
  // The server's own account, where root runs this, has to get in.
  chmodSync(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, log });
  const provider = await startProviderProcess();
  try {
    const admin = createPool({ url: server.url, max: 4 });
    await migrate(admin.pg);
    await makePartitions(admin.db, new Date());
    const bursts = await benchBurst(server.url, provider, runs);
    const latency = await benchLatency(server.url, provider);
    const parked = await benchParked(server.url, admin.db);
    await admin.close();
    return { ...bursts, ...latency, ...parked, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  } finally {
    await provider.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Provider = Awaited<ReturnType<typeof startProviderProcess>>;

async function startProviderProcess() {
  const child = spawn(process.execPath, [new URL('provider-process.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer]; // the port, as its first line
  const pool = new HttpPool(`http://127.0.0.1:${Number(String(line))}`, { connections: 64, pipelining: 1 });
  const get = async (at: string) => {
    const { body } = await pool.request({ method: 'GET', path: at });
    return (await body.json()) as { total: number; distinct: number; repeated: number }; // our own process
  };
  return {
    async call(key: string) {
      const { body } = await pool.request({ method: 'POST', path: `/${key}`, body: '{"text":"hello"}' });
      return body.text();
    },
    counts: () => get('/counts'),
    reset: () => get('/reset'),
    async close() {
      await pool.close();
      child.kill();
    },
  };
}

/** Four calls and a local step: repeatable, repeatable, once, local, repeatable. */
const steps = ['repeatable', 'repeatable', 'once', 'local', 'repeatable'];

function ports(
  provider: Provider,
  db: Parameters<typeof readGates>[0],
  onEnd: (view: ItemView) => void,
): Ports {
  const ids = { flowId: newId(), flowVersionId: newId() };
  const effect = (effectClass: Effect['class']): Effect => ({
    class: effectClass,
    perform: async ({ key }: EffectContext) => {
      await provider.call(key);
      return {};
    },
  });
  const lanes = [{ id: 'bench', cost: 1, rate: { count: 1_000_000, periodMs: 1_000, burst: 1_000_000 } }];
  const reads = new Map<string, ReturnType<typeof readGates>>();
  return {
    plan: () => Promise.resolve({ steps: steps.map((step) => ({ step, stopOnFailure: false })) }),
    async evaluate(view): Promise<Part[]> {
      if (view.position === steps.length) onEnd(view);
      const kind = steps[view.position - 1] ?? '';
      if (kind === 'local') return [done];
      // As the product does: gates are read once a run and serve its later steps.
      let gates = reads.get(view.id);
      if (gates === undefined || view.isFreshLook) {
        gates = readGates(db, view.projectId, ['flow', 'project', `fan:${view.fanId}`]);
        reads.set(view.id, gates);
      }
      const held = [...(await gates).values()];
      if (view.position === steps.length) reads.delete(view.id);
      return [part(call(kind, { lanes }), held)];
    },
    admit: (_tx, _projectId, entries) =>
      Promise.resolve(
        entries.map(({ entry }) => ({
          fanId: entry.key,
          type: entry.type,
          subject: {},
          candidates: [{ ...ids, reentry: { policy: 'always' as const }, priority: 2, data: {} }],
        })),
      ),
    effects: { repeatable: effect('repeatable'), once: effect('once') },
    writers: {},
    seal: (text) => Buffer.from(text),
    unseal: (sealed) => sealed.toString(),
  };
}

/** The calls of a run alone, nothing durable, the same number of runs at once. */
async function floor(provider: Provider, runs: number): Promise<number> {
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < runs) {
      const run = next++;
      for (let at = 0; at < 4; at++) await provider.call(`floor-${run}-${at}`);
    }
  };
  await Promise.all(Array.from({ length: 256 }, worker));
  return (runs / (performance.now() - started)) * 1_000;
}

async function benchBurst(url: string, provider: Provider, runs: number) {
  const { engine, db, close } = await startEngine(url, (pool) => ports(provider, pool, () => undefined), {
    timing: defaultTiming,
  });
  const floors: number[] = [];
  const rates: number[] = [];
  let duplicates = 0;
  let losses = 0;
  let commits = 0;
  let cpuMs = 0;
  await burst(engine, db, 500);
  for (let round = 0; round < 3; round++) {
    floors.push(await floor(provider, runs));
    await provider.reset();
    const before = { commits: await countCommits(db), cpu: process.cpuUsage() };
    rates.push(await burst(engine, db, runs));
    const { user, system } = process.cpuUsage(before.cpu);
    cpuMs += (user + system) / 1_000;
    commits += (await countCommits(db)) - before.commits;
    const counts = await provider.counts();
    duplicates += counts.repeated;
    losses += runs * 4 - counts.distinct;
  }
  await close();
  const flowsPerSecond = median(rates);
  const floorPerSecond = median(floors);
  return {
    flowsPerSecond,
    floorPerSecond,
    ratioToFloor: flowsPerSecond / floorPerSecond,
    duplicates,
    losses,
    commitsPerRun: commits / (3 * runs),
    cpuMsPerRun: cpuMs / (3 * runs),
  };
}

type Engine = Awaited<ReturnType<typeof startEngine>>['engine'];
type Db = Awaited<ReturnType<typeof startEngine>>['db'];

/** Accepts `runs` events, 1,000 waiting at once, and waits for the last to end. Runs a second. */
async function burst(engine: Engine, db: Db, runs: number): Promise<number> {
  const projectId = newId();
  const started = performance.now();
  let next = 0;
  const caller = async () => {
    while (next++ < runs) await engine.accept(projectId, testEntry(newId(), ''));
  };
  await Promise.all(Array.from({ length: 256 }, caller));
  await untilEmpty(db, projectId);
  return (runs / (performance.now() - started)) * 1_000;
}

async function untilEmpty(db: Db, projectId: string) {
  for (;;) {
    const { rows } =
      await sql`select 1 from work where project_id = ${projectId} and due_at < '8999-01-01' limit 1`.execute(
        db,
      );
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function countCommits(db: Db): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ commits: number }>`
    select xact_commit as commits from pg_stat_database where datname = current_database()`.execute(db);
  return rows[0]?.commits ?? 0;
}

/** 20 events a second for ten seconds: from `accept` to the last step's look, which follows its commit. */
async function benchLatency(url: string, provider: Provider) {
  const startedAt = new Map<string, number>();
  const times: number[] = [];
  const rig = await startEngine(
    url,
    (pool) =>
      ports(provider, pool, (view) => {
        const at = startedAt.get(view.fanId ?? '');
        if (at !== undefined) times.push(performance.now() - at);
        startedAt.delete(view.fanId ?? '');
      }),
    { timing: defaultTiming },
  );
  const projectId = newId();
  for (let at = 0; at < 200; at++) {
    const key = newId();
    startedAt.set(key, performance.now());
    void rig.engine.accept(projectId, testEntry(key, ''));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await untilEmpty(rig.db, projectId);
  await rig.close();
  times.sort((a, b) => a - b);
  return {
    p50Ms: times[Math.floor(times.length * 0.5)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
  };
}

/** 100,000 items that wait for a date, and 20,000 that each wait for a signal of their own. */
async function benchParked(url: string, db: Db) {
  const projectId = newId();
  let isOpen = false;
  const wake = new Date(Date.now() + 3_600_000);
  const far = new Date('9000-01-01T00:00:00.000Z');
  const rig = await startEngine(
    url,
    (pool) => ({
      ...ports(undefinedProvider, pool, () => undefined),
      evaluate: async (view) => {
        if (view.kind === 'dated') return [done];
        const gates = await readGates(pool, view.projectId, [`fan:${view.fanId}`]);
        return [isOpen ? done : part(defer({ deadlineAt: far, promise: view.id }), [...gates.values()])];
      },
    }),
    { timing: defaultTiming },
  );
  const started = performance.now();
  await sql`
    insert into work (project_id, id, kind, priority, due_at)
    select ${projectId}, gen_random_uuid(), 'dated', 3, ${wake} from generate_series(1, 100000)`.execute(db);
  const parkedPerSecond = (100_000 / (performance.now() - started)) * 1_000;
  await sql`analyze work`.execute(db);
  const woken = performance.now();
  await rig.clocks.advance(projectId, 2 * 3_600_000);
  await untilEmpty(db, projectId);
  const wokenByDatePerSecond = (100_000 / (performance.now() - woken)) * 1_000;

  const fans = Array.from({ length: 20_000 }, () => newId());
  await sql`
    insert into work (project_id, id, kind, fan_id, priority, due_at)
    select ${projectId}, gen_random_uuid(), 'step', f, 2, ${far} from unnest(${fans}::uuid[]) f`.execute(db);
  await sql`
    insert into waiting (project_id, key, work_id)
    select project_id, 'fan:' || fan_id, id from work where project_id = ${projectId}`.execute(db);
  // As autovacuum would have done long before a real signal comes.
  await sql`analyze work, waiting`.execute(db);
  isOpen = true;
  const signalled = performance.now();
  let next = 0;
  const signaller = async () => {
    for (let fan = fans[next++]; fan !== undefined; fan = fans[next++]) {
      const key = `fan:${fan}`;
      await transaction(rig.db, (tx) => signal(tx, projectId, [{ key }]));
    }
  };
  await Promise.all(Array.from({ length: 8 }, signaller));
  await untilEmpty(db, projectId);
  const wokenBySignalPerSecond = (20_000 / (performance.now() - signalled)) * 1_000;
  const { rows } = await sql<{
    left: number;
  }>`select count(*)::int as left from work where project_id = ${projectId}`.execute(db);
  if (rows[0]?.left !== 0) throw new Error(`${rows[0]?.left} items were never woken`);
  await rig.close();
  return { parkedPerSecond, wokenByDatePerSecond, wokenBySignalPerSecond };
}

/** Parked items call nobody. */
const undefinedProvider: Provider = {
  call: () => Promise.reject(new Error('nothing is called here')),
  counts: () => Promise.resolve({ total: 0, distinct: 0, repeated: 0 }),
  reset: () => Promise.resolve({ total: 0, distinct: 0, repeated: 0 }),
  close: () => Promise.resolve(),
};

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Prints the figures for people and, if asked, as one last line of JSON. */
export async function reportEngine(isJson: boolean): Promise<void> {
  const runs = process.env['BENCH_RUNS'];
  const figures = await benchEngine(runs === undefined ? {} : { runs: Number(runs) });
  for (const [name, value] of Object.entries(figures)) {
    process.stdout.write(`${name.padEnd(24)} ${Number(Number(value).toFixed(2))}\n`);
  }
  if (isJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
}
