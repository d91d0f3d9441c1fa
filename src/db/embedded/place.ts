/** Where the server's files lie: in DATA_DIR, or elsewhere when the server's account cannot get there. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { canReach, chooseAccount, nearestExisting } from './account.ts';
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
    log.warn(
      { wanted, dir },
      `PostgreSQL must not run as root and user ${account?.uid} cannot reach ${wanted}: its data lies in ${dir}`,
    );
  }
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  return { dir, clusterDir: path.join(dir, 'postgres') };
}

/** The same for the same DATA_DIR, so that the next start finds its data again. */
function otherPlace(wanted: string): string {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return path.join('/var/lib/segue', name);
}
