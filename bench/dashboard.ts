/**
 * `npm run bench -- dashboard [--scale 0.1] [--json]`: how long the API takes for every list and chart
 * of the dashboard in a project with a long past, one request at a time and as many as a page makes;
 * and what its first useful screens take in Chromium.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool, type Pool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import { createSealer } from '#lib/seal.ts';
import { createSignIn } from '#people/sign-in-links.ts';
import { ensureWebBuilt } from '../scripts/build-web.ts';
import { startChild } from './burst/child.ts';
import { doorsOf, type Known } from './dashboard/doors.ts';
import { pastDays, sizeOf, writeHistory } from './dashboard/history.ts';
import { measureScreens, type Screen } from './dashboard/screen.ts';
import { makeSetting } from './dashboard/setting.ts';

const requests = Number(process.env['BENCH_REQUESTS'] ?? 60);
const toReachMs = 100;
const dayMs = 24 * 60 * 60_000;

export async function dashboard(isJson: boolean, scale: number): Promise<void> {
  const say = (line: string) => (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  await ensureWebBuilt();
  const dataDir = mkdtempSync(path.join('/tmp', 'segue-bench-'));
  chmodSync(dataDir, 0o755);
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const server = await startEmbedded({ dataDir, log: quiet });
  const pool = createPool({ url: server.url, max: 4 });
  try {
    await migrate(pool.pg);
    for (const at of [Date.now() - pastDays * dayMs, Date.now()]) await makePartitions(pool.db, new Date(at));
    const secretKey = randomBytes(32);
    const setting = await makeSetting(pool.db);
    const size = sizeOf(scale);
    say(`${size.fans} fans, ${size.runs} runs, ${size.runs * 4} outcomes`);
    const started = performance.now();
    await writeHistory(server.url, pool.db, createSealer([secretKey]), setting, size);
    say(`seeded in ${Math.round((performance.now() - started) / 1_000)} s`);
    const known = { ...setting, ...(await readKnown(pool, setting.projectId)) };
    const segue = await startSegue(server.url, secretKey);
    try {
      const times = await askAll(segue.ready.url, setting.key, known, say);
      const slowest = Math.max(...Object.values(times));
      say(`slowest p95 ${slowest} ms, to reach ${toReachMs} ms`);
      const { token } = await createSignIn(pool.db, { accountId: setting.accountId, now: new Date() });
      const screens = await measureScreens(
        `${segue.ready.url}/sign-in/${token}`,
        `${segue.ready.url}/@${setting.slug}`,
      );
      for (const [name, screen] of Object.entries(screens)) say(describe(name, screen));
      if (isJson)
        process.stdout.write(
          `${JSON.stringify({ ...size, p95Ms: times, slowestP95Ms: slowest, screens })}\n`,
        );
    } finally {
      await segue.stop();
    }
  } finally {
    await pool.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Some of each, old and new. */
async function readKnown(pool: Pool, projectId: string): Promise<Pick<Known, 'fanIds' | 'runIds'>> {
  const idsOf = async (table: string) => {
    const { rows } = await sql<{ id: string }>`
      select id from (select id, row_number() over (order by id) as n, count(*) over () as total
                        from ${sql.table(table)} where project_id = ${projectId}) x
       where n % greatest(total / 50, 1) = 0 limit 50`.execute(pool.db);
    return rows.map((row) => row.id);
  };
  return { fanIds: await idsOf('fan'), runIds: await idsOf('run') };
}

function startSegue(databaseUrl: string, secretKey: Buffer) {
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey.toString('base64'),
    SANDBOX: 'off',
    LOG_LEVEL: 'warn',
  });
  return startChild<{ url: string }>(new URL('burst/segue.ts', import.meta.url));
}

/** p95 by door, in milliseconds, from the request to the last byte of its answer. */
async function askAll(url: string, key: string, known: Known, say: (line: string) => void) {
  const times: Record<string, number> = {};
  for (const [name, pathOf] of Object.entries(doorsOf(known))) {
    const taken: number[] = [];
    // The first ones make plans and warm up the program.
    for (let turn = -8; turn < requests; turn++) {
      const started = performance.now();
      const response = await fetch(`${url}/api/v1${pathOf(Math.max(0, turn))}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
      if (turn >= 0) taken.push(performance.now() - started);
    }
    const p95 = quantile(taken, 0.95);
    times[name] = p95;
    say(
      `${name.padEnd(32)} p50 ${String(quantile(taken, 0.5)).padStart(6)}  p95 ${String(p95).padStart(6)} ms`,
    );
  }
  return times;
}

function describe(name: string, screen: Screen): string {
  const { coldMs, warmMs, scriptKb, shift } = screen;
  return `${name.padEnd(10)} useful after ${coldMs} ms, ${warmMs} ms the second time; ${scriptKb} KB of script; layout shift ${shift}`;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0) * 10) / 10;
}
