import { mkdirSync } from 'node:fs';
import { ensureWebBuilt } from '../scripts/build-web.ts';
import { startApp } from './app.ts';
import { EnvError, readEnv } from './env.ts';
import { keepHeapSmall } from './heap.ts';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm or the launcher. */
const oneKeyMs = 500;

/**
 * `npm start`. Prints six lines at most: where to go, and what to try first. Ctrl-C stops everything
 * that was started; a second one does not wait.
 */
async function main() {
  keepHeapSmall();
  const env = readEnv(process.env);
  if (env.databaseUrl === null) mkdirSync(env.dataDir, { recursive: true });
  if (env.role !== 'worker') await ensureWebBuilt();
  const app = await startApp(env);
  let stoppingSince: number | null = null;
  const stop = () => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > oneKeyMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    void app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  tellParent(app.localUrl, stop);
  for (const line of app.greeting) process.stdout.write(`${line}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(app.summary)}\n`);
}

/** Another process of ours started this one: it is told where, and takes this one along when it ends. */
function tellParent(localUrl: string, stop: () => void): void {
  if (process.send === undefined) return;
  process.on('disconnect', stop);
  process.send({ localUrl });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

/** What a person can act on; the stack only for what nobody foresaw. */
function sentenceOf(error: unknown): string {
  if (error instanceof EnvError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    const taken = 'port' in error ? Number(error.port) : 3000;
    return `Port ${taken} is in use. Choose another one: PORT=${taken > 60_000 ? 3000 : taken + 10} npm start`;
  }
  return error.name === 'Error' ? error.message : (error.stack ?? error.message);
}
