import type { Hono } from 'hono';
import { createSignIn } from '#people/sign-in-links.ts';
import type { Engine } from '#engine/engine.ts';
import { insertItems } from '#engine/insert-items.ts';
import { makePartitions } from '#engine/partitions.ts';
import { rollUpSince } from '#engine/rollups.ts';
import { listen } from '#http/listen.ts';
import { systemClock } from '#lib/clock.ts';
import { createLog, type Log } from '#lib/log.ts';
import { ensureDemo, type Demo } from '#sandbox/demo/ensure-demo.ts';
import { readDemo } from '#sandbox/demo/store.ts';
import { startWebhookPump } from '#webhooks/pump.ts';
import { createDoors } from './doors.ts';
import { type Env, publicUrlOf } from './env.ts';
import { startJobs } from './jobs.ts';
import { createParts, type Addresses, type Parts } from './parts.ts';
import { openStorage, type Stops } from './storage.ts';

export interface App {
  /** Scheme and host that links and signatures carry. */
  url: string;
  /** Where it listens, as this machine reaches it. */
  localUrl: string;
  hono: Hono;
  engine: Engine;
  /** Six lines at most, for whoever started it. */
  greeting: string[];
  /** What `npm start -- --json` prints. */
  summary: { url: string; signIn: string; number: string | null; apiKey: string | null; mailPort: number };
  stop(): Promise<void>;
}

export interface AppOptions {
  /** Six weeks of fans and runs for the demo artist at the first start; default true. */
  hasDemoPast?: boolean;
}

/**
 * Builds and starts everything, from the environment to the open door. Throws a sentence when
 * something is missing or in use; what was started by then is stopped.
 */
export async function startApp(env: Env, options: AppOptions = {}): Promise<App> {
  const log = createLog({ level: env.logLevel });
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) {
      await one().catch((error: unknown) => log.warn({ err: error }, 'something did not stop well'));
    }
  };
  try {
    return { ...(await start(env, log, stops, options)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(env: Env, log: Log, stops: Stops, options: AppOptions): Promise<Omit<App, 'stop'>> {
  // The port first: one that is in use is found out before anything is started.
  const door = await listen(env.port, env.host);
  stops.push(() => door.close());
  const url = publicUrlOf(env, door.port);
  const at = {
    publicUrl: () => url,
    shortUrl: () => env.shortUrl ?? url,
    localUrl: () => `http://127.0.0.1:${door.port}`,
  };

  const storage = await openStorage(env, log, stops);
  const parts = await createParts(env, log, storage, at, stops);
  const hono = createDoors(env, parts, storage, log, at, stops);

  await parts.engine.start();
  stops.push(() => parts.engine.stop());
  door.serve((request, connected) => hono.fetch(request, connected));
  // Once more, so that the door is the first to close.
  stops.push(() => door.close());
  const demo = await openDemo(env, parts, at, options.hasDemoPast ?? true);
  if (env.role !== 'http') {
    const jobs = await startJobs(storage.pool.pg, log, parts.jobs);
    stops.push(() => jobs.stop());
    const pump = startWebhookPump({ ...parts, log, now: () => systemClock.now() });
    stops.push(() => pump.stop());
  }
  const { accountId } = (await readDemo(parts.db)).facts;
  const signIn =
    parts.sandbox === null || accountId === undefined ? null : await signInUrl(parts, url, accountId);
  return {
    url,
    localUrl: at.localUrl(),
    hono,
    engine: parts.engine,
    greeting: greet(url, signIn, demo),
    summary: {
      url,
      signIn: signIn ?? '',
      number: demo?.number ?? null,
      apiKey: demo?.apiKey ?? null,
      mailPort: parts.mailPort,
    },
  };
}

/** The demo artist, where there is a sandbox to play in. */
async function openDemo(
  env: Env,
  parts: Parts,
  { publicUrl, shortUrl }: Addresses,
  hasPast: boolean,
): Promise<Demo | null> {
  const { db, clocks, door, connections, sealer, sandbox } = parts;
  // A worker plays with what the process that serves the sandbox made.
  if (sandbox === null || env.role === 'worker') return null;
  if ((await readDemo(db)).facts.isRemoved === true) return null;
  const flows = { db, clock: clocks, engine: door, publicUrl, shortUrl };
  return ensureDemo({
    flows,
    connections,
    fakes: sandbox.fakes,
    sealer,
    engine: { makePartitions, insertItems, rollUpSince },
    wall: systemClock,
    apiKey: env.demoApiKey,
    hasPast,
  });
}

async function signInUrl({ db }: Parts, url: string, accountId: string): Promise<string> {
  const { token } = await createSignIn(db, { accountId, now: systemClock.now() });
  return `${url}/sign-in/${token}`;
}

/** Where to go, and what to try first. */
function greet(url: string, signIn: string | null, demo: Demo | null): string[] {
  if (signIn !== null && demo === null)
    return [`Segue is at ${signIn} (signs you in once, within 15 minutes)`, `Read         ${url}/api/docs`];
  if (demo === null || signIn === null)
    return [
      `Segue is at ${url}`,
      'A project, its key and a link to sign in: npm run new-project -- "Artist name"',
      'Another link to sign in: npm run sign-in -- the-project’s-short-name',
    ];
  return [
    `Segue is at ${signIn} (signs you in once, within 15 minutes)`,
    `Demo number  ${demo.number}`,
    `API key      ${demo.apiKey}`,
    `Try first    text ${demo.keyword} from the phone on the right`,
    `Read         ${url}/api/docs`,
  ];
}
