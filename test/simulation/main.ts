/** `npm run simulate -- --for 10m --seed N`: searches for schedules that break the engine. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import { playMany } from './universe.ts';

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '1m' },
    seed: { type: 'string' },
    'at-once': { type: 'string', default: '16' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000_000));
const dataDir = mkdtempSync(path.join('/tmp', 'segue-simulation-'));
// The server's own account, where root runs this, has to get in.
chmodSync(dataDir, 0o755);
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const server = await startEmbedded({ dataDir, log, settings });
try {
  const pool = createPool({ url: server.url, max: 2 });
  await migrate(pool.pg);
  await makePartitions(pool.db, new Date());
  await pool.close();
  console.log(`seed ${seed}, for ${values.for}`);
  const { played, found } = await playMany(server.url, {
    first: seed,
    forMs: milliseconds(values.for),
    atLeast: 1,
    atOnce: Number(values['at-once']),
  });
  for (const one of found) {
    console.log(`seed ${one.seed}:`);
    for (const sentence of one.said) console.log(`  ${sentence}`);
    console.log(`again: npm run simulate -- --seed ${one.seed} --for 1s`);
  }
  console.log(`${played} schedules, ${found.length} broken`);
  process.exitCode = found.length > 0 ? 1 : 0;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** `90s`, `10m`, `1h`. */
function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--for takes 90s, 10m or 1h, not ${text}`);
  return Number(count) * (unit === 'h' ? 3_600_000 : unit === 'm' ? 60_000 : 1_000);
}
