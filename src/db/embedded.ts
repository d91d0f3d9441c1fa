/**
 * The PostgreSQL that Segue brings along: the same server as in production, on a unix socket that
 * nobody else can open, supervised for as long as this process lives and gone soon after.
 */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ServerAccount, chooseAccount } from './embedded/account.ts';
import { prepareBinaries } from './embedded/binaries.ts';
import { ensureCluster, superuser } from './embedded/cluster.ts';
import type { LauncherLog } from './embedded/log.ts';
import { takeOwnership } from './embedded/owner.ts';
import { choosePlace } from './embedded/place.ts';
import {
  type Postmaster,
  type PostmasterOptions,
  clearOrphan,
  startPostmaster,
  stopPostmaster,
} from './embedded/postmaster.ts';

const databaseName = 'segue';
const firstBackOffMs = 250;
const longestBackOffMs = 30_000;
/** A server that ran this long was well: the next failure begins with the short back-off again. */
const wellAfterMs = 60_000;
const startPatienceMs = 300_000;

export interface EmbeddedOptions {
  /** The folder for everything; made if it is missing. */
  dataDir: string;
  log: LauncherLog;
  /** Server settings on top of ours; tests turn fsync off here. */
  settings?: Record<string, string>;
}

export interface EmbeddedServer {
  /** Of the database `segue`, as the superuser. Stays the same when the server is started again. */
  url: string;
  /** Stops the server and gives the folder back; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>;
  /** Called when the server died by itself; it is started again after the time given. */
  onExit(listener: (exit: { reason: string; restartInMs: number }) => void): void;
}

/** Nothing here gives up durability: fsync and synchronous_commit keep their default, on. */
const smallMachine: Record<string, string> = {
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  // No parallel workers: their shared memory does not fit the 64 MB that containers give by default.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Neither statements nor key values, which may hold addresses, get into the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/**
 * Starts the server on `dataDir`, made new or as it was left, and restarts it with growing pauses
 * when it dies. A server that a killed Segue left behind is stopped first. Throws one sentence for
 * a folder that is in use by another Segue, broken, or another major version's.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = choosePlace(options.dataDir, options.log);
  const ownership = takeOwnership(place.dir);
  try {
    const account = chooseAccount(place.clusterDir);
    const binaries = await prepareBinaries(account, place.dir);
    await ensureCluster(place.clusterDir, binaries, account);
    await clearOrphan(place.clusterDir, options.log);
    const socketDir = makeSocketDir(account);
    const address = process.platform === 'win32' ? await freePort() : null;
    const supervised: PostmasterOptions = {
      binaries,
      account,
      clusterDir: place.clusterDir,
      socketDir,
      settings: { ...smallMachine, ...listenSettings(socketDir, address), ...options.settings },
      log: options.log,
    };
    const server = new Supervisor(supervised, urlOf(socketDir, address, 'postgres'));
    await server.start();
    await createDatabase(urlOf(socketDir, address, 'postgres'));
    return {
      url: urlOf(socketDir, address, databaseName),
      onExit: (listener) => server.listeners.push(listener),
      stop: async () => {
        await server.stop();
        rmSync(socketDir, { recursive: true, force: true });
        ownership.release();
      },
    };
  } catch (error) {
    ownership.release();
    throw error;
  }
}

class Supervisor {
  readonly listeners: ((exit: { reason: string; restartInMs: number }) => void)[] = [];
  readonly #options: PostmasterOptions;
  readonly #url: string;
  readonly #stopping = new AbortController();
  #current: Postmaster | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PostmasterOptions, url: string) {
    this.#options = options;
    this.#url = url;
  }

  async start(): Promise<void> {
    await this.#startOnce();
    this.#loop = this.#supervise();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const current = this.#current;
    if (current) {
      let isGone = false;
      void current.gone.then(() => (isGone = true));
      await stopPostmaster(current.pid, () => isGone);
      await current.gone;
    }
    await this.#loop;
  }

  async #startOnce(): Promise<void> {
    const started = await startPostmaster(this.#options);
    this.#current = started;
    const failure = await Promise.race([
      waitUntilReady(this.#url),
      started.gone.then(
        ({ said }) =>
          `it said: ${said.filter((line) => /FATAL|PANIC|HINT/.test(line)).join(' ') || said.join(' ')}`,
      ),
    ]);
    if (failure === null) return;
    throw new Error(`The embedded PostgreSQL on ${this.#options.clusterDir} did not start; ${failure}`);
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    let backOffMs = firstBackOffMs;
    let reason = '';
    while (!signal.aborted) {
      const startedAt = Date.now();
      if (this.#current) {
        const exit = await this.#current.gone;
        this.#current = null;
        reason = `exit ${exit.signal ?? exit.code}: ${exit.said.at(-1) ?? ''}`;
      }
      if (signal.aborted) return;
      if (Date.now() - startedAt > wellAfterMs) backOffMs = firstBackOffMs;
      this.#options.log.warn(
        { reason, restartInMs: backOffMs },
        'the embedded PostgreSQL died and is started again',
      );
      for (const listener of this.listeners) listener({ reason, restartInMs: backOffMs });
      await sleep(backOffMs, undefined, { signal }).catch(() => undefined);
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
      if (signal.aborted) return;
      await this.#startOnce().catch((error: Error) =>
        this.#options.log.warn({ err: error }, 'no embedded PostgreSQL yet'),
      );
    }
  }
}

/** `null` when it answers, or why it never did. */
async function waitUntilReady(url: string): Promise<string | null> {
  let last = '';
  for (const until = Date.now() + startPatienceMs; Date.now() < until; await sleep(25)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return null;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return `it did not answer within ${startPatienceMs / 1000} seconds (${last})`;
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** A short path: a unix socket's may not exceed about a hundred bytes. */
function makeSocketDir(account: ServerAccount): string {
  const base = process.platform === 'win32' ? tmpdir() : '/tmp';
  mkdirSync(base, { recursive: true });
  const dir = mkdtempSync(path.join(base, 'segue-'));
  chmodSync(dir, 0o700);
  if (account) chownSync(dir, account.uid, account.gid);
  return dir;
}

function listenSettings(socketDir: string, tcpPort: number | null): Record<string, string> {
  if (tcpPort === null) return { listen_addresses: '', unix_socket_directories: socketDir, port: '5432' };
  return { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(tcpPort) };
}

function urlOf(socketDir: string, tcpPort: number | null, database: string): string {
  if (tcpPort !== null) return `postgres://${superuser}@127.0.0.1:${tcpPort}/${database}`;
  return `postgres://${superuser}@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
