/**
 * The PostgreSQL that Segue brings along: the same server as in production, on a unix socket that
 * nobody else can open, supervised for as long as this process lives and gone soon after.
 */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import pg from 'pg';
import { chooseAccount } from './embedded/account.ts';
import { prepareBinaries } from './embedded/binaries.ts';
import { ensureCluster, superuser } from './embedded/cluster.ts';
import type { LauncherLog } from './embedded/log.ts';
import { takeOwnership } from './embedded/owner.ts';
import { choosePlace } from './embedded/place.ts';
import { clearOrphan, makeSocketDir } from './embedded/postmaster.ts';
import { type ServerExit, supervise } from './embedded/supervisor.ts';

const databaseName = 'segue';

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
  /** Called whenever the server died by itself; it is started again after the time given. */
  onExit(listener: (exit: ServerExit) => void): void;
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
 * when it dies. A server that a killed Segue left behind is stopped first. However this process ends,
 * the server ends within seconds. Throws one sentence for a folder that is in use by another Segue,
 * broken, or another major version's.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log } = options;
  const place = choosePlace(options.dataDir, log);
  const ownership = await takeOwnership(place.dir);
  let socketDir: string | undefined;
  try {
    const account = chooseAccount(place.clusterDir);
    const binaries = await prepareBinaries(account, place.dir);
    await ensureCluster(place.clusterDir, binaries, account);
    await clearOrphan(place.clusterDir, log);
    socketDir = makeSocketDir(account);
    const address = await chooseAddress(socketDir);
    const settings = { ...smallMachine, ...address.settings, ...options.settings };
    const adminUrl = address.urlOf('postgres');
    const server = await supervise(
      { binaries, account, clusterDir: place.clusterDir, socketDir, settings, log },
      adminUrl,
    );
    await createDatabase(adminUrl);
    return {
      url: address.urlOf(databaseName),
      onExit: (listener) => server.listeners.push(listener),
      stop: async () => {
        await server.stop();
        cleanUp();
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }

  function cleanUp(): void {
    if (socketDir) rmSync(socketDir, { recursive: true, force: true });
    ownership.release();
  }
}

interface Address {
  settings: Record<string, string>;
  urlOf(database: string): string;
}

/** A unix socket; on Windows, which lacks them here, a free port of the loopback address. */
async function chooseAddress(socketDir: string): Promise<Address> {
  if (process.platform === 'win32') {
    const port = await findFreePort();
    return {
      settings: { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) },
      urlOf: (database) => `postgres://${superuser}@127.0.0.1:${port}/${database}`,
    };
  }
  return {
    settings: { listen_addresses: '', unix_socket_directories: socketDir, port: '5432' },
    urlOf: (database) =>
      `postgres://${superuser}@localhost/${database}?host=${encodeURIComponent(socketDir)}`,
  };
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

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
