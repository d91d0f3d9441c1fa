/** The directory with the server's data: made once, checked on every start, with a sentence for what is wrong. */
import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';

export const superuser = 'segue';

/**
 * Makes the cluster if there is none; else checks that this server can read it. A start that is
 * killed half-way leaves nothing that the next could mistake for data.
 * @returns whether it was made now
 */
export async function ensureCluster(
  dir: string,
  binaries: Binaries,
  account: ServerAccount,
): Promise<boolean> {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found && readdirSyncOr(dir).length > 0) {
    checkCluster(dir, binaries);
    return false;
  }
  removeHalfMade(dir);
  const half = `${dir}.new-${process.pid}`;
  mkdirSync(half, { recursive: true, mode: 0o700 });
  if (account) chownSync(half, account.uid, account.gid);
  await initdb(half, binaries, account);
  rmSync(dir, { recursive: true, force: true });
  renameSync(half, dir);
  return true;
}

function checkCluster(dir: string, binaries: Binaries): void {
  let major: string;
  try {
    major = readFileSync(path.join(dir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES')
      throw new Error(foreignSentence(dir), { cause: error });
    throw new Error(brokenSentence(dir, 'it has no PG_VERSION'), { cause: error });
  }
  if (major !== binaries.major) {
    throw new Error(
      `${dir} was written by PostgreSQL ${major}, but this Segue brings PostgreSQL ${binaries.major}. ` +
        `Start the Segue that wrote it and dump the data, or set DATA_DIR to another folder to begin anew.`,
    );
  }
  for (const part of ['global/pg_control', 'pg_wal', 'base']) {
    if (!statSync(path.join(dir, part), { throwIfNoEntry: false }))
      throw new Error(brokenSentence(dir, `${part} is missing`));
  }
}

function readdirSyncOr(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (cause) {
    throw new Error(foreignSentence(dir), { cause });
  }
}

function foreignSentence(dir: string): string {
  const owner = statSync(dir).uid;
  return `${dir} belongs to user ${owner} and cannot be read. Start Segue as that user or as root, or set DATA_DIR to another folder.`;
}

export function brokenSentence(dir: string, what: string): string {
  return `${dir} is not a whole PostgreSQL data directory (${what}). Bring back a backup, or set DATA_DIR to another folder.`;
}

/** Only one process owns the data directory, so what lies half-made is a dead process's. */
function removeHalfMade(dir: string): void {
  const parent = path.dirname(dir);
  const prefix = `${path.basename(dir)}.new-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

async function initdb(dir: string, binaries: Binaries, account: ServerAccount): Promise<void> {
  const args = ['-D', dir, '-U', superuser, '-E', 'UTF8', '--locale=C', '--no-instructions'];
  // The builtin locale sorts the same on every machine and never changes under an index.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  // The socket lies in a folder that only the server's account can enter; no other way in is opened.
  args.push('--auth-local=trust', `--auth-host=${process.platform === 'win32' ? 'trust' : 'reject'}`);
  try {
    await promisify(execFile)(binaries.initdb, args, { ...account, cwd: '/', env: serverEnv() });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`The embedded PostgreSQL could not make its data directory ${dir}: ${said}`, {
      cause: error,
    });
  }
}

/** Nothing of Segue's environment (keys, PG* settings) reaches the server. */
export function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', TZ: 'UTC', LC_ALL: 'C' };
}
