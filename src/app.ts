import pg from 'pg';
import type { Hono } from 'hono';
import { createAuthenticator } from '#accounts/authenticate.ts';
import { createProjectFacts } from '#accounts/project-facts.ts';
import { createSignIn } from '#accounts/sign-in.ts';
import { createConnections } from '#connections/create-connections.ts';
import { connectorServers } from '#connectors/server.ts';
import { startEmbedded } from '#db/embedded.ts';
import type { Db } from '#db/database.ts';
import { isMigrated, migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import { cancelItems } from '#engine/cancel.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import type { Entry } from '#engine/contract.ts';
import { Engine } from '#engine/engine.ts';
import { waitForWorkers } from '#engine/control.ts';
import { hasNextPartitions, makePartitions } from '#engine/partitions.ts';
import { defaultTiming } from '#engine/timing.ts';
import { admitEvents } from '#flows/admit-events.ts';
import { createApi } from '#http/api.ts';
import { listen } from '#http/listen.ts';
import { createMetrics } from '#http/metrics.ts';
import { queueAgeSeconds } from '#http/queue-age.ts';
import { identify } from '#http/identify.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog, type Log } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { ensureSecretKey } from '#lib/secret-file.ts';
import { catchUpAll } from '#messages/catch-up.ts';
import { createConsentBox } from '#messages/consent-box.ts';
import { acceptText } from '#messages/inbound/route.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { createWebhooks } from '#messages/webhook.ts';
import { createPages } from '#pages/pages.ts';
import { createConnectLink, planConnectLink } from '#releases/connect-links.ts';
import { createStreaming } from '#releases/streaming.ts';
import { createDelivery, createLoopback } from '#sandbox/loopback.ts';
import { createSandbox } from '#sandbox/sandbox.ts';
import { ensureDemo } from '#sandbox/demo/ensure-demo.ts';
import { type Env, publicUrlOf } from './env.ts';
import { startJobs } from './jobs.ts';
import { scheduledJobs } from './schedule.ts';
import { createProduct } from './product.ts';

export interface App {
  /** Scheme and host that links and signatures carry. */
  url: string;
  hono: Hono;
  engine: Engine;
  greeting: string[];
  /** What `npm start -- --json` prints. */
  summary: { url: string; signIn: string; number: string | null; apiKey: string | null; mailPort: number };
  stop(): Promise<void>;
}

/**
 * Builds and starts everything, from the environment to the open door: the one file that knows every
 * part. Throws a sentence when something is missing or in use; what was started by then is stopped.
 */
export async function startApp(env: Env): Promise<App> {
  const log = createLog({ level: env.logLevel });
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) {
      await one().catch((error: unknown) => log.warn({ err: error }, 'something did not stop well'));
    }
  };
  try {
    return await build(env, log, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Stops {
  push(stop: () => Promise<unknown>): unknown;
}

async function build(env: Env, log: Log, stops: Stops, stop: () => Promise<void>): Promise<App> {
  // The port first: one that is in use is found out before anything is started.
  const door = await listen(env.port, env.host);
  stops.push(() => door.close());
  const url = publicUrlOf(env, door.port);
  const publicUrl = () => url;
  const localUrl = () => `http://127.0.0.1:${door.port}`;

  const { databaseUrl, secretKeys } = await openDatabase(env, log, stops);
  const pool = createPool({ url: databaseUrl });
  const beats = createPool({ url: databaseUrl, max: 1, applicationName: 'segue heartbeat' });
  stops.push(() => pool.close());
  stops.push(() => beats.close());
  await migrate(pool.pg);
  await makePartitions(pool.db, systemClock.now());

  const { db } = pool;
  const sealer = createSealer(secretKeys);
  const clocks = new ProjectClocks(db, systemClock);
  await clocks.refresh();
  const http = createHttp({ connections: 128 });
  stops.push(() => http.close());
  const authenticator = createAuthenticator(db, () => systemClock.now());
  const projects = createProjectFacts(db);
  const addresses = { publicUrl, localUrl };

  const connections = createConnections({
    db,
    sealer,
    clocks,
    log,
    servers: connectorServers,
    http: env.isSandboxOn ? createLoopback(http, addresses) : http,
    baseUrls: (connector, isLive, connectionId) =>
      env.providerBaseUrls.get(isLive ? connector : `${connector}:test`) ??
      (isLive ? undefined : sandbox?.fakes.baseUrl(connector, connectionId)),
  });
  stops.push(() => connections.settled());
  const streaming = createStreaming({ db, sealer, clocks, connections });
  const product = createProduct({
    db,
    clocks,
    connections,
    projects,
    locate: await loadNumberPlaces(),
    sealer,
    publicUrl,
    streaming,
    makeLink: ({ view, facts, subject, releaseAt }) =>
      planConnectLink(sealer, url, {
        projectId: view.projectId,
        fanId: facts.fanId,
        subject,
        releaseAt,
        now: view.now,
      }),
    admitEvents,
  });
  const metrics = createMetrics();
  const engine = new Engine({
    db,
    heartbeatDb: beats.db,
    connect: () => connect(databaseUrl),
    clocks,
    ports: product.ports,
    log,
    metrics,
    isWorker: env.role !== 'http',
  });
  metrics.observe({ queueAgeSeconds: () => queueAgeSeconds(db), inFlight: () => engine.inFlight });

  const take = { db, indexes: product.indexes, accept: engine.accept.bind(engine) };
  const catchingUp = { db, connections, log, acceptText: acceptText.bind(null, take) };
  const jobs = scheduledJobs({ db, log, catchUp: () => catchUpAll(catchingUp) });
  const engineDoor = {
    accept: engine.accept.bind(engine),
    cancelItems,
    waitForWorkers: () => waitForWorkers(db, defaultTiming),
  };
  const delivery = createHttp();
  stops.push(() => delivery.close());
  const sandbox = env.isSandboxOn
    ? createSandbox({
        db,
        wall: systemClock,
        clock: clocks,
        publicUrl,
        deliver: createDelivery(delivery, addresses),
        identify: (context) => identify(context, authenticator),
        projects,
        connections,
        onClockMoved: async () => {
          for (const job of jobs) await job.run();
          engine.kick();
        },
      })
    : null;
  if (sandbox !== null) stops.push(() => sandbox.close());

  const hono = createApi({
    db,
    log,
    clock: clocks,
    wall: systemClock,
    engine: engineDoor,
    connections,
    publicUrl,
    metrics,
    connectUrls: (projectId, fanIds) => connectUrls(projectId, fanIds),
    readiness: {
      isMigrated: () => isMigrated(pool.pg),
      hasNextPartitions: () => hasNextPartitions(db, systemClock.now()),
      isAlive: () => engine.isAlive,
    },
  });
  const connectUrls = async (projectId: string, fanIds: readonly string[]) => {
    const now = clocks.now(projectId);
    const links = fanIds.map(async (fanId) => {
      const subject = { releaseId: null, artistId: null };
      const { shortPath } = await createConnectLink(db, sealer, {
        projectId,
        fanId,
        subject,
        releaseAt: null,
        now,
      });
      return [fanId, url + shortPath] as const;
    });
    return new Map(await Promise.all(links));
  };
  hono.route(
    '/',
    createWebhooks({
      connections,
      publicUrl,
      log,
      acceptText: acceptText.bind(null, take),
      recordDelivery: product.recordDelivery,
    }),
  );
  hono.route(
    '/',
    createPages({
      db,
      sealer,
      connections,
      streaming,
      clocks,
      wall: systemClock,
      log,
      publicUrl,
      consent: createConsentBox({ db, projects, connections, clock: clocks, accept: take.accept, publicUrl }),
      raise: async (event) => void (await engine.accept(event.projectId, pageEntry(event, clocks))),
    }),
  );
  if (sandbox !== null) hono.route('/', sandbox.routes);

  await engine.start();
  stops.push(() => engine.stop());
  door.serve((request) => hono.fetch(request));
  const demo =
    sandbox === null
      ? null
      : await ensureDemo({
          flows: { db, clock: clocks, engine: engineDoor, publicUrl },
          connections,
          fakes: sandbox.fakes,
          sealer,
          wall: systemClock,
          apiKey: env.demoApiKey,
        });
  if (env.role !== 'http') {
    const started = await startJobs(pool.pg, log, jobs);
    stops.push(() => started.stop());
  }
  const signIn = demo === null ? null : await signInUrl(db, url, demo.accountId);
  return {
    url,
    hono,
    engine,
    greeting: greet(url, signIn, demo),
    summary: {
      url,
      signIn: signIn ?? '',
      number: demo?.number ?? null,
      apiKey: demo?.apiKey ?? null,
      mailPort: env.sandboxSmtpPort,
    },
    stop,
  };
}

async function openDatabase(env: Env, log: Log, stops: Stops) {
  const given = [env.secretKey, env.previousSecretKey].filter((key) => key !== null);
  if (env.databaseUrl !== null) {
    return { databaseUrl: env.databaseUrl, secretKeys: given as [Buffer, ...Buffer[]] }; // env.ts asked for one
  }
  const server = await startEmbedded({ dataDir: env.dataDir, log });
  stops.push(() => server.stop());
  const secretKeys: [Buffer, ...Buffer[]] =
    given[0] === undefined ? [ensureSecretKey(env.dataDir)] : [given[0], ...given.slice(1)];
  return { databaseUrl: server.url, secretKeys };
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'segue listen' });
  await client.connect();
  return client;
}

async function signInUrl(db: Db, url: string, accountId: string): Promise<string> {
  const { token } = await createSignIn(db, { accountId, now: systemClock.now() });
  return `${url}/sign-in/${token}`;
}

/** Six lines at most: where to go, and what to try first. */
function greet(
  url: string,
  signIn: string | null,
  demo: { number: string; keyword: string; apiKey: string } | null,
): string[] {
  if (demo === null || signIn === null) return [`Segue is at ${url}`];
  return [
    `Segue is at ${signIn} (signs you in once, within 15 minutes)`,
    `Demo number  ${demo.number}`,
    `API key      ${demo.apiKey}`,
    `Try first    curl -s ${url}/sandbox/api/phone/texts -H 'Authorization: Bearer ${demo.apiKey}' \\`,
    `               --json '{"from":"+13035550142","to":"${demo.number}","body":"${demo.keyword.toLowerCase()}"}'`,
    `Then read    ${url}/api/docs`,
  ];
}

/** What a fan did on her page. The page raises it once; a double click finds it done. */
function pageEntry(
  event: { projectId: string; fanId: string; type: string; subject: Record<string, string> },
  clocks: ProjectClocks,
): Entry {
  return {
    source: 'page',
    key: newId(),
    type: event.type,
    fingerprint: '',
    occurredAt: clocks.now(event.projectId),
    payload: { fanId: event.fanId, subject: event.subject },
  };
}
