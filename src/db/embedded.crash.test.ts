import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { birthOf } from './embedded/owner.ts';

let dataDir = '';
let said: string[] = [];
let cleanUps: (() => unknown)[] = [];

beforeEach(() => {
  dataDir = mkdtempSync('/tmp/segue-test-');
  chmodSync(dataDir, 0o755);
  said = [];
  cleanUps = [() => rmSync(dataDir, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

async function start(dir = dataDir): Promise<EmbeddedServer> {
  const log = {
    debug: () => undefined,
    info: (_details: object, message: string) => void said.push(message),
    warn: (_details: object, message: string) => void said.push(message),
  };
  const server = await startEmbedded({ dataDir: dir, log });
  cleanUps.push(() => server.stop());
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

/** Waits for another process to do its part; polls, since it cannot tell us. */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isTrue, { message: what, timeout: 15_000, interval: 20 }).toBe(true);
}

function postmasterPid(dir = dataDir): number {
  return Number.parseInt(readFileSync(path.join(dir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

function socketDirOf(url: string): string {
  return new URL(url).searchParams.get('host') ?? '';
}

/** Segue in a process (and process group) of its own, that a test may kill. */
async function startChild(): Promise<{ pid: number; url: string }> {
  const child = spawn(process.execPath, ['test/embedded-child.ts', dataDir], { detached: true });
  const pid = child.pid ?? 0;
  cleanUps.push(() => birthOf(pid) && process.kill(pid, 'SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', () => reject(new Error(errors)));
  });
  return { pid, url };
}

/** Pids of the shells that watch over the server of this test. */
function watchdogs(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes('segue-postgres-watchdog') && command.includes(dataDir);
      } catch {
        return false;
      }
    })
    .map(Number);
}

test('a new folder becomes a durable UTF-8 server in UTC without a TCP port; a second start keeps its data', async () => {
  const first = await start();
  const settings = [
    'server_encoding',
    'timezone',
    'listen_addresses',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
  ];
  const rows = await query(
    first.url,
    `select ${settings
      .map((name) => `current_setting('${name}')`)
      .map((s, i) => `${s} as s${i}`)
      .join()}`,
  );
  expect(Object.values(rows[0] ?? {})).toEqual(['UTF8', 'UTC', '', 'on', 'on', 'on']);
  await query(first.url, 'create table kept as select 7 as n');
  const pid = postmasterPid();
  await first.stop();
  await first.stop();
  expect(birthOf(pid)).toBeNull();
  expect(existsSync(socketDirOf(first.url))).toBe(false);
  expect(watchdogs()).toEqual([]);

  const second = await start();
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a server that dies is started again at the same address, and whoever asked is told', async () => {
  const server = await start();
  await query(server.url, 'create table kept as select 7 as n');
  const exits: string[] = [];
  server.onExit(({ reason }) => exits.push(reason));
  for (const times of [1, 2]) {
    const pid = postmasterPid();
    process.kill(pid, 'SIGKILL');
    await until('a new server', async () => {
      const rows = await query(server.url, 'select n from kept').catch(() => []);
      return rows[0]?.['n'] === 7 && postmasterPid() !== pid;
    });
    expect(exits).toHaveLength(times);
  }
  expect(exits[0]).toMatch(/^SIGKILL/);
});

test.each([
  ['the process', (pid: number) => process.kill(pid, 'SIGKILL')],
  ['its whole group', (pid: number) => process.kill(-pid, 'SIGKILL')],
])('kill -9 of %s: the server stops by itself and leaves nothing but its data', async (_what, kill) => {
  const { pid, url } = await startChild();
  await query(url, 'create table kept as select 7 as n');
  const server = postmasterPid();
  kill(pid);
  await until('the end of the server', () => birthOf(server) === null);
  await until('the end of its socket', () => !existsSync(socketDirOf(url)));
  expect(await query((await start()).url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a start right after a kill -9 gets along with the old server, and keeps what was committed', async () => {
  const { pid, url } = await startChild();
  await query(url, 'create table kept as select 7 as n');
  process.kill(pid, 'SIGKILL');
  await until('the end of the process', () => birthOf(pid) === null);
  expect(await query((await start()).url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a server that outlived its process and its watchdog is stopped by the next start', async () => {
  const { pid, url } = await startChild();
  await query(url, 'create table kept as select 7 as n');
  const orphan = postmasterPid();
  for (const watchdog of watchdogs()) process.kill(watchdog, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  await until('the end of the process', () => birthOf(pid) === null);
  expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);

  const server = await start();
  expect(said).toContain('stopping the PostgreSQL that a killed Segue left behind');
  expect(birthOf(orphan)).toBeNull();
  expect(existsSync(socketDirOf(url))).toBe(false);
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a folder in use by a living Segue is refused and stays untouched', async () => {
  const { pid, url } = await startChild();
  await expect(start()).rejects.toThrow(
    `${dataDir} is in use by another Segue (process ${pid}). Stop that one`,
  );
  expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('a pid file whose number belongs to a stranger by now does not keep the server from starting', async () => {
  await (await start()).stop();
  writeFileSync(
    path.join(dataDir, 'postgres', 'postmaster.pid'),
    `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n\n`,
  );
  expect(await query((await start()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('data of another major version, and data that is not whole, are refused with a sentence and left alone', async () => {
  await (await start()).stop();
  const cluster = path.join(dataDir, 'postgres');
  const version = path.join(cluster, 'PG_VERSION');
  const major = readFileSync(version, 'utf8');
  writeFileSync(version, '13\n');
  await expect(start()).rejects.toThrow(
    /was written by PostgreSQL 13, but this Segue brings PostgreSQL \d+\. Start the Segue that wrote it/,
  );
  writeFileSync(version, major);

  renameSync(path.join(cluster, 'global/pg_control'), path.join(cluster, 'kept_control'));
  await expect(start()).rejects.toThrow(
    /is not a whole PostgreSQL data directory \(global\/pg_control is missing\)\. Bring back a backup/,
  );
  renameSync(path.join(cluster, 'kept_control'), path.join(cluster, 'global/pg_control'));

  const wal = path.join(cluster, 'pg_wal');
  renameSync(wal, `${wal}.kept`);
  mkdirSync(wal);
  await expect(start()).rejects.toThrow(
    /did not start\. It said: .*(FATAL|PANIC).* If its data is damaged, bring back a backup/,
  );
  rmSync(wal, { recursive: true });
  renameSync(`${wal}.kept`, wal);
  expect(await query((await start()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('what a first start left half-made is made anew', async () => {
  mkdirSync(path.join(dataDir, 'postgres.new-1', 'base'), { recursive: true });
  expect(await query((await start()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
  expect(readdirSync(dataDir).toSorted()).toEqual(['postgres', 'segue.pid']);
});

test.runIf(process.getuid?.() === 0)(
  'as root the server runs without rights, elsewhere if it cannot reach the folder',
  async () => {
    chmodSync(dataDir, 0o700);
    const server = await start(path.join(dataDir, 'inner'));
    const sentence = said.find((message) => message.includes('the database lies in'));
    const other = sentence?.match(/\/var\/lib\/segue\/\w+$/)?.[0] ?? '';
    cleanUps.unshift(() => rmSync(other, { recursive: true, force: true }));
    expect(readFileSync(`/proc/${postmasterPid(other)}/status`, 'utf8')).toMatch(/^Uid:\t(?!0\b)\d+/m);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  },
);
