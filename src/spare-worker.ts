import { fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { SpareWorker } from '#sandbox/plug/plug.ts';

export interface WorkerPlace {
  databaseUrl: string;
  secretKey: Buffer;
  publicUrl: string;
  shortUrl: string;
  mailPort: number;
}

const main = join(import.meta.dirname, 'main.ts');
const ready = z.object({ localUrl: z.string() });
const startWithinMs = 30_000;

/**
 * Starts another process of this Segue as a worker over the same database; resolves when it listens.
 * It ends with this process, however this one ends.
 */
export function startSpareWorker(place: WorkerPlace): Promise<SpareWorker> {
  const child = fork(main, {
    // Nothing of this process's own settings but where things are.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ROLE: 'worker',
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: place.databaseUrl,
      SECRET_KEY: place.secretKey.toString('base64'),
      PUBLIC_URL: place.publicUrl,
      SHORT_URL: place.shortUrl,
      SANDBOX: 'on',
      SANDBOX_SMTP_PORT: String(place.mailPort),
      LOG_LEVEL: 'silent',
    },
  });
  const kill = () => void child.kill('SIGKILL');
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      kill();
      reject(new Error(`The worker did not start: ${why}.`));
    };
    const timer = setTimeout(() => fail('it took too long'), startWithinMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with ${code ?? 'a signal'}`));
    child.once('message', (message) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve({ pid: child.pid ?? 0, localUrl: ready.parse(message).localUrl, kill });
    });
  });
}
