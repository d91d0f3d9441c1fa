/** Where the server's files lie: in DATA_DIR, or elsewhere when the server's account cannot get there. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type ServerAccount, canReach, chooseAccount, nearestExisting } from './account.ts';
import type { LauncherLog } from './log.ts';

export interface Place {
  /** Owned by whoever runs Segue. */
  dir: string;
  /** Owned by the server's account. */
  clusterDir: string;
}

/** Makes the folder; says so when it is not the one asked for. */
export function choosePlace(dataDir: string, log: LauncherLog): Place {
  const wanted = path.resolve(dataDir);
  const account = chooseAccount(path.join(wanted, 'postgres'));
  const dir = canReach(account, nearestExisting(wanted)) ? wanted : otherPlace(wanted);
  if (dir !== wanted) {
    const why = `PostgreSQL does not run as root, and user ${account?.uid} cannot enter ${wanted}`;
    log.warn({ wanted, dir }, `${why}: the database lies in ${dir}`);
  }
  try {
    makeFolder(dir, account);
  } catch (cause) {
    throw new Error(
      `${dir} cannot be made: give this user rights to its parent, or set DATA_DIR to another folder.`,
      {
        cause,
      },
    );
  }
  return { dir, clusterDir: path.join(dir, 'postgres') };
}

/** Every level that is made can be entered by the server's account, whatever the umask. */
function makeFolder(dir: string, account: ServerAccount): void {
  if (existsSync(dir)) return;
  makeFolder(path.dirname(dir), account);
  mkdirSync(dir, { recursive: true });
  if (account) chmodSync(dir, 0o755);
}

/** The same for the same DATA_DIR, so that the next start finds its data again. */
function otherPlace(wanted: string): string {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return path.join('/var/lib/segue', name);
}
