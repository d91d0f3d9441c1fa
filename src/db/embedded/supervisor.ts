/** Keeps one server alive: started again with growing pauses when it dies, until it is stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Postmaster, type PostmasterOptions, startPostmaster, stopPostmaster } from './postmaster.ts';

const firstBackOffMs = 250;
const longestBackOffMs = 30_000;
/** A server that ran this long was well: the next failure begins with the short back-off again. */
const wellAfterMs = 60_000;
/** Long enough for the replay of a full gigabyte of log on a slow disk. */
const startPatienceMs = 300_000;
/** What the processes of a killed server need to notice that it is gone. */
const leftoverPatienceMs = 10_000;

export interface ServerExit {
  /** How it ended and what it said last. */
  reason: string;
  restartInMs: number;
}

export interface Supervised {
  /** Resolves when the process is gone; a second call waits for the same. */
  stop(): Promise<void>;
  listeners: ((exit: ServerExit) => void)[];
}

/** Resolves when the server answers at `adminUrl`; throws a sentence when the first start fails. */
export async function supervise(options: PostmasterOptions, adminUrl: string): Promise<Supervised> {
  const stopping = new AbortController();
  const listeners: Supervised['listeners'] = [];
  const first = await startFirst(options, adminUrl);
  const loop = keepAlive(first, { options, adminUrl, listeners, signal: stopping.signal });
  return {
    listeners,
    stop: () => {
      stopping.abort();
      return loop;
    },
  };
}

interface Loop {
  options: PostmasterOptions;
  adminUrl: string;
  listeners: Supervised['listeners'];
  signal: AbortSignal;
}

async function keepAlive(first: Postmaster, loop: Loop): Promise<void> {
  const { options, signal } = loop;
  const stopped = new Promise<null>((tell) => signal.addEventListener('abort', () => tell(null)));
  let current = first;
  let startedAt = Date.now();
  let backOffMs = firstBackOffMs;
  while (true) {
    const exit = await Promise.race([current.gone, stopped]);
    if (exit === null) return await stopAndWait(current);
    if (Date.now() - startedAt > wellAfterMs) backOffMs = firstBackOffMs;
    const reason = `${exit.signal ?? `exit ${exit.code}`}: ${exit.said.at(-1) ?? 'no word'}`;
    options.log.warn({ reason, restartInMs: backOffMs }, 'the embedded PostgreSQL died and is started again');
    for (const listener of loop.listeners) listener({ reason, restartInMs: backOffMs });
    await sleep(backOffMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    startedAt = Date.now();
    current = await startPostmaster(options);
    // Who uses the database finds out by its own connection when it answers again.
  }
}

async function startFirst(options: PostmasterOptions, adminUrl: string): Promise<Postmaster> {
  for (const until = Date.now() + leftoverPatienceMs; ; await sleep(500)) {
    const server = await startPostmaster(options);
    const failure = await whyNotReady(server, adminUrl);
    if (failure === null) return server;
    await stopAndWait(server);
    if (!/shared memory block .* in use/.test(failure) || Date.now() > until) {
      throw new Error(
        `The embedded PostgreSQL on ${options.clusterDir} did not start. ${failure} ` +
          'If its data is damaged, bring back a backup, or set DATA_DIR to another folder.',
      );
    }
  }
}

async function stopAndWait(server: Postmaster): Promise<void> {
  let isGone = false;
  void server.gone.then(() => (isGone = true));
  await stopPostmaster(server.pid, () => isGone);
  await server.gone;
}

/** `null` when it answers; else why it does not. */
async function whyNotReady(server: Postmaster, adminUrl: string): Promise<string | null> {
  const giveUp = new AbortController();
  const died = server.gone.then(({ said }) => {
    const telling = said.filter((line) => /FATAL|PANIC|HINT/.test(line));
    return `It said: ${(telling.length > 0 ? telling : said.slice(-3)).join(' ')}.`;
  });
  const answer = await Promise.race([askUntilReady(adminUrl, giveUp.signal), died]);
  giveUp.abort();
  return answer;
}

async function askUntilReady(adminUrl: string, signal: AbortSignal): Promise<string | null> {
  let last = '';
  for (const until = Date.now() + startPatienceMs; Date.now() < until && !signal.aborted; await sleep(25)) {
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return null;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      if (!isWorthAnotherTry(error)) return `It refuses us: ${last}.`;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return `It did not answer within ${startPatienceMs / 1000} seconds (${last}).`;
}

/** No socket yet, or SQLSTATE 57P03: starting up or replaying its log. */
function isWorthAnotherTry(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || error.code === '57P03' || error.code === '53300';
}
