import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import { newId } from '#lib/ids.ts';
import { processSteps } from './process-product.ts';
import { startChild } from './processes.ts';
import { startProvider } from './provider.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const run = promisify(execFile);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A disk of its own, small enough to fill; only root can have one. Null elsewhere. */
function mountSmallDisk(): string | null {
  const dir = mkdtempSync(path.join('/tmp', 'segue-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', dir], { stdio: 'ignore' });
    chmodSync(dir, 0o755);
    return dir;
  } catch {
    rmSync(dir, { recursive: true, force: true });
    return null;
  }
}

const disk = mountSmallDisk();

test.runIf(disk !== null)(
  'the disk is full: work stops without a loss and goes on when there is room',
  async ({ onTestFinished }) => {
    const dir = disk ?? '';
    const server = await startEmbedded({
      dataDir: path.join(dir, 'data'),
      log,
      settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
    });
    const pool = createPool({ url: server.url, max: 3 });
    const provider = await startProvider();
    onTestFinished(async () => {
      child.signal('SIGKILL');
      await pool.close();
      await provider.close();
      await server.stop();
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true, force: true });
    });
    await migrate(pool.pg);
    await makePartitions(pool.db, new Date());
    const count = 1_500;
    const ids = { projectId: newId(), flowId: newId(), versionId: newId() };
    const child = startChild({
      url: server.url,
      provider: provider.url,
      name: 'one',
      // Two thousand calls begin at once when there is room again, and are read in turn.
      settleAfterMs: 2_000,
      ...ids,
      accept: Array.from({ length: count }, () => newId()),
    });
    await expect.poll(() => provider.arrivals.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(200);
    await fill(dir);
    // Full once calls cease: nothing starts that could not be recorded.
    let before = -1;
    while (before !== provider.arrivals.length) {
      before = provider.arrivals.length;
      await pause(1_000);
      await fill(dir);
    }
    expect(before).toBeLessThan(count * 4);
    unlinkSync(path.join(dir, 'filler'));
    const ended = async () => {
      const { rows } = await sql<{
        count: number;
      }>`select count(*)::int as count from run where state = 'ended'`.execute(pool.db);
      return rows[0]?.count;
    };
    await expect.poll(() => ended().catch(() => 0), { timeout: 60_000, interval: 100 }).toBe(count);
    expect(child.isAlive()).toBe(true);
    const { rows } = await sql<{ status: string; count: number }>`
      select status, count(*)::int as count from outcome group by 1`.execute(pool.db);
    expect(rows).toEqual([{ status: 'done', count: count * processSteps.length }]);
    expect(provider.repeated()).toEqual([]);
    expect(provider.disordered()).toEqual([]);
  },
);

if (disk === null) console.warn('disk full: not tried here, since a small disk can only be mounted by root');

/** Leaves no room for another WAL file. Another process writes: this one is the provider, and has to answer. */
async function fill(dir: string) {
  const { bavail, bsize } = await statfs(dir);
  const bytes = bavail * bsize - 64 * 1024;
  if (bytes <= 0) return;
  const filler = path.join(dir, 'filler');
  // The server may take the last of it first: full all the same.
  await run('sh', ['-c', `head -c ${bytes} /dev/zero >> '${filler}'`]).catch(() => undefined);
}
