/**
 * Who the embedded server runs as. PostgreSQL refuses to run as root, so a Segue that was started
 * as root gives its server away to an account without rights.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** `null`: as whoever runs Segue. */
export type ServerAccount = { uid: number; gid: number } | null;

const fallbackId = 65534;

/**
 * The account for the server of this data directory: its present owner where there is one, so that
 * a directory keeps working whoever starts Segue next; else `nobody`.
 */
export function chooseAccount(clusterDir: string): ServerAccount {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findNobody();
}

function findNobody(): { uid: number; gid: number } {
  try {
    const line = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m);
    // macOS writes nobody's uid as -2, which the pattern leaves to the fallback.
    if (line) return { uid: Number(line[1]), gid: Number(line[2]) };
  } catch {
    // No such file: the number is what nearly every system uses.
  }
  return { uid: fallbackId, gid: fallbackId };
}

/** Whether the account can enter a directory or run a file, asked of the kernel rather than read from mode bits. */
export function canReach(account: ServerAccount, target: string): boolean {
  if (account === null) return true;
  const asked = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', target], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  if (asked.error) {
    throw new Error(
      `Segue runs as root but may not start a process as user ${account.uid}, and PostgreSQL does not run as root. ` +
        'Start Segue as an ordinary user, or set DATABASE_URL.',
      { cause: asked.error },
    );
  }
  return asked.status === 0;
}

/** The nearest directory on the way to `target` that exists already. */
export function nearestExisting(target: string): string {
  let current = path.resolve(target);
  while (!statSync(current, { throwIfNoEntry: false })) current = path.dirname(current);
  return current;
}
