import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

/** A child process that answers questions; `ready` is what it says first. */
export interface Child<Ready> {
  pid: number;
  ready: Ready;
  ask(question: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** `execArgv` are Node's own options, such as `--cpu-prof`, on top of this process's. */
export async function startChild<Ready>(
  file: URL,
  execArgv: string[] = [],
  args: string[] = [],
): Promise<Child<Ready>> {
  const child = fork(file, args, {
    execArgv: [...process.execArgv, ...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  const ready = new Promise<unknown>((resolve, reject) => waiting.set(0, { resolve, reject }));
  child.on('message', (reply: Reply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) one?.resolve(reply.value);
    else one?.reject(new Error(reply.error));
  });
  child.on('exit', (code) => {
    for (const one of waiting.values()) one.reject(new Error(`${file.pathname} ended with ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    ready: (await ready) as Ready, // each child says what its type here says
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.send({ id, question });
      }),
    stop: () => end(child),
  };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** CPU seconds that a process and its children, as far as they live, have used. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function cpuOf(pid: number): number {
  try {
    // utime and stime, fields 14 and 15, in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** Peak resident memory, MB. */
export const peakMb = (pid: number) => memoryMb(pid, 'VmHWM');

/** Resident memory now, MB. */
export const residentMb = (pid: number) => memoryMb(pid, 'VmRSS');

function memoryMb(pid: number, what: 'VmHWM' | 'VmRSS'): number {
  const line = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
