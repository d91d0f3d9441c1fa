/**
 * Which Segue a data directory belongs to: a file with the pid and the birth of the process, since
 * a pid alone may be another process's by now (after a restart of a container, always).
 */
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Ownership {
  /** Gives the directory back; harmless when it is not ours any more. */
  release(): void;
}

/** One that was just told to stop is still finishing what it has under way. */
const patienceMs = 3_000;

/**
 * Takes the directory for this process, or throws a sentence when a living Segue has it and keeps it.
 * Of two that try at once one gets it. What a dead process left is taken over.
 */
export async function takeOwnership(dataDir: string): Promise<Ownership> {
  const file = path.join(dataDir, 'segue.pid');
  const mine = `${process.pid} ${birthOf(process.pid) ?? 'unknown'}\n`;
  const candidate = `${file}.${process.pid}`;
  try {
    writeFileSync(candidate, mine);
  } catch (cause) {
    throw new Error(
      `${dataDir} cannot be written: give this user rights to it, or set DATA_DIR to another folder.`,
      {
        cause,
      },
    );
  }
  try {
    for (const until = Date.now() + patienceMs; ; await sleep(50)) {
      if (tryLink(candidate, file)) return { release: () => releaseIfMine(file, mine) };
      const theirs = readOrNull(file);
      if (theirs === null) continue;
      if (!isOwnerAlive(theirs)) removeStale(file, theirs);
      else if (Date.now() > until) throw new Error(inUseSentence(dataDir, theirs));
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** When the process began, in the system's own spelling; `null` when there is none with this pid. */
export function birthOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // Field 22, counted after the name in brackets, which may hold blanks itself; state Z is a corpse.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return null;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[19]}`;
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0);
      return 'alive';
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started.replaceAll(' ', '_') || null;
  } catch {
    return null;
  }
}

function isOwnerAlive(content: string): boolean {
  const [pid, birth] = content.trim().split(' ');
  return birth !== undefined && birthOf(Number(pid)) === birth;
}

function inUseSentence(dataDir: string, content: string): string {
  const pid = content.trim().split(' ')[0];
  return `${dataDir} is in use by another Segue (process ${pid}). Stop that one, or set DATA_DIR to another folder.`;
}

/** A link either appears whole or not at all, where a write could be read half-way. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the file only if it still says what we judged dead; a newer owner's is put back. */
function removeStale(file: string, judged: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readOrNull(aside) !== judged) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function releaseIfMine(file: string, mine: string): void {
  if (readOrNull(file) === mine) rmSync(file, { force: true });
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
