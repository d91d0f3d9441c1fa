/** One life of the server process: start, readiness, stop, and what is left by a process that was killed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { birthOf } from './owner.ts';
import { serverEnv } from './cluster.ts';
import type { LauncherLog } from './log.ts';

const fastStopMs = 30_000;
const hardStopMs = 10_000;
const tailLines = 20;

export interface Postmaster {
  pid: number;
  /** Resolves when the process is gone, with the last lines it said. */
  gone: Promise<{ code: number | null; signal: string | null; said: string[] }>;
}

export interface PostmasterOptions {
  binaries: Binaries;
  account: ServerAccount;
  clusterDir: string;
  socketDir: string;
  settings: Record<string, string>;
  log: LauncherLog;
}

/**
 * Starts the server in a session of its own, so that Ctrl-C and a kill of Segue's process group do
 * not reach it before Segue has finished with it, and a watchdog that stops it when Segue is gone.
 */
export function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const args = ['-D', options.clusterDir];
  for (const [name, value] of Object.entries(options.settings)) args.push('-c', `${name}=${value}`);
  const child = spawn(options.binaries.postgres, args, {
    ...options.account,
    cwd: '/',
    detached: true,
    windowsHide: true,
    env: serverEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error(`The embedded PostgreSQL could not be started: ${cause.message}.`, { cause })),
    );
    child.once('spawn', () => {
      const pid = child.pid ?? 0;
      const said = listen(child, options.log);
      const watchdog = startWatchdog(pid, options);
      const gone = new Promise<Awaited<Postmaster['gone']>>((tell) => {
        child.once('close', (code, signal) => {
          watchdog?.kill('SIGKILL');
          tell({ code, signal, said });
        });
      });
      resolve({ pid, gone });
    });
  });
}

/** Keeps the last lines for a failure's sentence, and logs what matters. */
function listen(child: ChildProcess, log: LauncherLog): string[] {
  const said: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      said.push(line);
      if (said.length > tailLines) said.shift();
      log[line.includes('PANIC') ? 'warn' : 'debug']({ postgres: line }, 'embedded PostgreSQL');
    }
  });
  return said;
}

/**
 * A shell that waits for the end of a pipe which only this process holds. The kernel closes the pipe
 * however this process ends, `kill -9` included; then the server is asked to stop. It checks that the
 * pid is still the server's own, since years may pass.
 */
const watchdogScript = `
read -r _
[ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] || exit 0
kill -INT "$1"
n=0
while kill -0 "$1" 2>/dev/null; do
  n=$((n + 1))
  [ $n -eq 30 ] && kill -QUIT "$1"
  [ $n -gt 40 ] && exit 1
  sleep 1
done
rm -rf "$3"
`;

function startWatchdog(pid: number, options: PostmasterOptions): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const args = [
    '-c',
    watchdogScript,
    'segue-postgres-watchdog',
    String(pid),
    options.clusterDir,
    options.socketDir,
  ];
  const child = spawn('/bin/sh', args, {
    ...options.account,
    cwd: '/',
    detached: true,
    env: serverEnv(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', (error) => options.log.warn({ err: error }, 'no watchdog for the embedded PostgreSQL'));
  child.stdin?.on('error', () => undefined);
  child.unref();
  return child;
}

/** Asks for a fast shutdown, then for an immediate one; resolves when the process is gone. */
export async function stopPostmaster(pid: number, isGone: () => boolean): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', hardStopMs],
  ] as const) {
    if (!sendSignal(pid, signal)) return;
    for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(20)) if (isGone()) return;
  }
  throw new Error(
    `The embedded PostgreSQL (process ${pid}) does not stop. Look at that process before starting again.`,
  );
}

/** @returns false when there is no such process any more */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw new Error(
      `A PostgreSQL (process ${pid}) of another user still runs on this data directory: stop it first.`,
      { cause: error },
    );
  }
}

/**
 * Stops a server that still runs on this directory though its Segue is dead. A pid file whose pid
 * belongs to a stranger by now is removed, since PostgreSQL would refuse to start because of it.
 */
export async function clearOrphan(clusterDir: string, log: LauncherLog): Promise<void> {
  const file = path.join(clusterDir, 'postmaster.pid');
  const left = readPidFile(file);
  if (left === null) return;
  if (birthOf(left.pid) !== null) {
    if (isServerOf(left.pid, clusterDir)) {
      log.info({ pid: left.pid }, 'stopping the PostgreSQL that a killed Segue left behind');
      await stopPostmaster(left.pid, () => birthOf(left.pid) === null);
    } else {
      rmSync(file, { force: true });
    }
  }
  if (isOurSocketDir(left.socketDir)) rmSync(left.socketDir, { recursive: true, force: true });
}

const socketDirPrefix = '/tmp/segue-';

/** A short path of our own: a unix socket's may not exceed about a hundred bytes. */
export function makeSocketDir(account: ServerAccount): string {
  const dir = mkdtempSync(process.platform === 'win32' ? path.join(tmpdir(), 'segue-') : socketDirPrefix);
  if (account) chownSync(dir, account.uid, account.gid);
  return dir;
}

function isOurSocketDir(dir: string): boolean {
  return dir.startsWith(socketDirPrefix) && path.dirname(dir) === path.dirname(socketDirPrefix);
}

/** `postmaster.pid`, as PostgreSQL documents it in `miscadmin.h`: line 1 is the pid, line 5 the socket's folder. */
function readPidFile(file: string): { pid: number; socketDir: string } | null {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, socketDir: lines[4] ?? '' } : null;
  } catch {
    return null;
  }
}

function isServerOf(pid: number, clusterDir: string): boolean {
  try {
    if (process.platform === 'win32') return true;
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(`-D ${clusterDir} `);
  } catch {
    return false;
  }
}
