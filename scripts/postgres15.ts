/**
 * The oldest PostgreSQL that Segue runs on, from Debian, as a throw-away server for the checks.
 * `node scripts/postgres15.ts` starts one and prints its address until Ctrl-C.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseAccount } from '#db/embedded/account.ts';
import { serverEnv, superuser } from '#db/embedded/cluster.ts';
import { makeSocketDir } from '#db/embedded/postmaster.ts';
import { supervise } from '#db/embedded/supervisor.ts';
import { installPackage } from './debian.ts';

const binDir = '/usr/lib/postgresql/15/bin';

export interface ThrowAwayServer {
  /** Of a superuser, in the database `postgres`. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a server in a new folder under /tmp; `stop` removes it. Installs the package as root. */
export async function startPostgres15(): Promise<ThrowAwayServer> {
  if (!existsSync(path.join(binDir, 'postgres'))) installPostgres15();
  const dir = mkdtempSync('/tmp/segue-postgres15-');
  const clusterDir = path.join(dir, 'cluster');
  const account = chooseAccount(clusterDir);
  chmodSync(dir, 0o755);
  mkdirSync(clusterDir, { mode: 0o700 });
  if (account) chownSync(clusterDir, account.uid, account.gid);
  const args = [
    '-D',
    clusterDir,
    '-U',
    superuser,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--auth=trust',
    '--no-sync',
  ];
  execFileSync(path.join(binDir, 'initdb'), args, { ...account, cwd: '/', env: serverEnv(), stdio: 'pipe' });
  const socketDir = makeSocketDir(account);
  const url = `postgres://${superuser}@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
  const program = (name: string) => path.join(binDir, name);
  const server = await supervise(
    {
      binaries: { initdb: program('initdb'), postgres: program('postgres'), major: '15' },
      account,
      clusterDir,
      socketDir,
      settings: settingsFor(socketDir),
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (details, text) => console.warn(text, details),
      },
    },
    url,
  );
  return {
    url,
    stop: async () => {
      await server.stop();
      rmSync(socketDir, { recursive: true, force: true });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function settingsFor(socketDir: string): Record<string, string> {
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', jit: 'off' };
  return {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    timezone: 'UTC',
    max_connections: '300',
    ...fast,
  };
}

function installPostgres15(): void {
  // Debian would make and start a cluster of its own, which nobody asked for.
  const settings = '/etc/postgresql-common/createcluster.conf';
  if (process.getuid?.() === 0 && !existsSync(settings)) {
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, 'create_main_cluster = false\n');
  }
  installPackage('postgresql-15');
}

if (import.meta.main) {
  const server = await startPostgres15();
  console.log(server.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
}
