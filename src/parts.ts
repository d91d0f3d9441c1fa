import { createProjectFacts } from '#accounts/project-facts.ts';
import { createConnections } from '#connections/create-connections.ts';
import { renewCredentials } from '#connections/renew-credentials.ts';
import { connectorServers } from '#connectors/server.ts';
import { cancelItems } from '#engine/cancel.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { waitForWorkers } from '#engine/control.ts';
import { Engine } from '#engine/engine.ts';
import { addItems } from '#engine/add-items.ts';
import { defaultTiming } from '#engine/timing.ts';
import { admitEvents } from '#flows/admit-events.ts';
import { identify } from '#http/identify.ts';
import { createMetrics } from '#http/metrics.ts';
import { queueAgeSeconds } from '#http/queue-age.ts';
import { systemClock } from '#lib/clock.ts';
import { createReadTxt } from '#lib/dns.ts';
import { createHttp } from '#lib/http.ts';
import type { Log } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { catchUpAll } from '#messages/catch-up.ts';
import { settleOldDoubts } from '#messages/decide-doubt.ts';
import { acceptText } from '#messages/inbound/route.ts';
import { acceptSocial } from '#messages/instagram/accept.ts';
import { pruneSignUps } from '#messages/sign-up/prune.ts';
import { createSenderDesk } from '#messages/email/sender-desk.ts';
import { createEmailSenders } from '#messages/email/email-senders.ts';
import { reminderItem } from '#messages/outbound/plan-reminder.ts';
import { createAuthenticator } from '#people/authenticate.ts';
import { createAuth } from '#people/better-auth.ts';
import { checkCountryPacks } from '#messages/countries/index.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { createLinkFinder } from '#releases/day/find-links.ts';
import { tellReleaseDay } from '#releases/message/tell-day.ts';
import { watchReleases } from '#releases/watch/watcher.ts';
import { createLinkMaker } from '#releases/connect-links.ts';
import { reconcileAll } from '#credits/reconcile.ts';
import { watchLimits } from '#credits/watch-limits.ts';
import { watchStorms } from '#flows/watch-storms.ts';
import { watchEnds } from '#releases/renewal/watch-ends.ts';
import { tellRevocations } from '#releases/tell-revocations.ts';
import { createStreaming } from '#releases/streaming.ts';
import { createDelivery, createLoopback } from '#sandbox/loopback.ts';
import { createDetour } from '#sandbox/plug/detour.ts';
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts';
import type { Env } from './env.ts';
import { createTargets } from '#webhooks/target.ts';
import { createProduct } from './product.ts';
import { scheduledJobs } from './schedule.ts';
import { startSpareWorker } from './spare-worker.ts';
import type { Stops, Storage } from './storage.ts';

/** Where this process is, as the world and as this machine see it. */
export interface Addresses {
  publicUrl: () => string;
  /** What short links begin with. */
  shortUrl: () => string;
  localUrl: () => string;
}

export type Parts = Awaited<ReturnType<typeof createParts>>;

/** Everything behind the doors, put together; nothing runs yet. */
export async function createParts(env: Env, log: Log, storage: Storage, at: Addresses, stops: Stops) {
  const { db } = storage.pool;
  const hot = storage.hot.db;
  const sealer = createSealer(storage.secretKeys);
  const clocks = new ProjectClocks(db, systemClock);
  await clocks.refresh();
  const projects = createProjectFacts(db);
  // The sandbox needs the connections, and test connections the sandbox's addresses: asked late.
  let sandbox: Sandbox | null = null;
  let mailPort = env.sandboxSmtpPort;
  const connections = openConnections(env, log, { db, sealer, clocks, at, stops }, () => sandbox);
  const streaming = createStreaming({
    db: hot,
    sealer,
    clocks,
    connections,
    reminder: ({ facts, release, ...when }) =>
      reminderItem({ ...when, fanId: facts.fanId, releaseId: release.id }),
  });
  const emailSenders = createEmailSenders(db);
  checkCountryPacks();
  const locate = await loadNumberPlaces();
  const product = createProduct({
    db: hot,
    clocks,
    connections,
    projects,
    locate,
    emailSenders,
    sealer,
    publicUrl: at.publicUrl,
    shortUrl: at.shortUrl,
    streaming,
    makeLink: createLinkMaker(sealer, at.shortUrl),
    admitEvents,
  });
  const metrics = createMetrics();
  const engine = new Engine({
    db: hot,
    heartbeatDb: storage.beats.db,
    connect: storage.connect,
    clocks,
    ports: product.ports,
    log,
    metrics,
    isWorker: env.role !== 'http',
  });
  metrics.observe({ queueAgeSeconds: () => queueAgeSeconds(db), inFlight: () => engine.inFlight });
  const accept = engine.accept.bind(engine);
  const takeText = acceptText.bind(null, { db, indexes: product.indexes, accept });
  const takeSocial = acceptSocial.bind(null, { ...product, accept });
  const senderDesk = createSenderDesk({
    db,
    connections,
    senders: emailSenders,
    readTxt: createReadTxt(),
    clock: clocks,
    wall: systemClock,
    log,
  });
  const targets = createTargets(env.webhookPrivateHosts);
  stops.push(() => targets.close());
  const jobs = scheduledJobs({
    db,
    log,
    checkSenders: () => senderDesk.checkDue(),
    findLinks: createLinkFinder({ db, clock: clocks, connections, log }),
    tellReleaseDay: () => tellReleaseDay({ db, clock: clocks, insertItems: addItems }),
    watchLimits: () => watchLimits(db, clocks),
    watchStorms: () => watchStorms(db, clocks, systemClock),
    watchEnds: () => watchEnds({ db, clock: clocks, accept, insertItems: addItems }),
    tellRevocations: () => tellRevocations({ db, connections, sealer, log }),
    watchReleases: () =>
      watchReleases({ db, clock: clocks, connections, log, accept, insertItems: addItems }),
    reconcile: () => reconcileAll({ db, connections, wall: systemClock, log }),
    renewCredentials: () => renewCredentials({ db, connections, clocks, log }),
    pruneSignUps: () => pruneSignUps(db, clocks),
    settleDoubts: () => settleOldDoubts({ db, clock: clocks, engine: { accept } }),
    catchUp: () => catchUpAll({ db, connections, log, acceptText: takeText }),
  });
  const door = { accept, addItems, cancelItems, waitForWorkers: () => waitForWorkers(db, defaultTiming) };
  const auth = createAuth({ db, secretKeys: storage.secretKeys, publicUrl: at.publicUrl() });
  const authenticator = createAuthenticator(db, auth);
  if (env.isSandboxOn) {
    const delivery = createHttp();
    stops.push(() => delivery.close());
    const detour = createDetour(createDelivery(delivery, at), delivery, at.publicUrl);
    sandbox = createSandbox({
      db,
      wall: systemClock,
      clock: clocks,
      publicUrl: at.publicUrl,
      // A worker's mails go to the mailboxes that people look at.
      doorAddress: () =>
        `${env.role === 'worker' ? new URL(at.publicUrl()).hostname : '127.0.0.1'}:${mailPort}`,
      deliver: detour.deliver,
      waitForWorkers: () => waitForWorkers(db, defaultTiming),
      plug: {
        detour,
        startWorker: () =>
          startSpareWorker({
            databaseUrl: storage.databaseUrl,
            secretKey: storage.secretKeys[0],
            publicUrl: at.publicUrl(),
            shortUrl: at.shortUrl(),
            mailPort,
          }),
      },
      identify: (context) => identify(context, authenticator),
      projects,
      connections,
      locate,
      onClockMoved: async () => {
        for (const job of jobs) await job.run();
        engine.kick();
      },
    });
    stops.push(sandbox.close);
    if (env.role !== 'worker') mailPort = await openMailServer(env, sandbox, stops);
  }
  return {
    db,
    auth,
    authenticator,
    sealer,
    clocks,
    projects,
    connections,
    streaming,
    product,
    metrics,
    engine,
    door,
    takeText,
    takeSocial,
    jobs,
    sandbox,
    mailPort,
    senderDesk,
    emailSenders,
    locate,
    targets,
  };
}

/** The fake mail server; its port, where any would do. */
async function openMailServer(env: Env, { fakes }: Sandbox, stops: Stops): Promise<number> {
  const door = await fakes.openDoor({ host: env.host, port: env.sandboxSmtpPort }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The fake mail server cannot open port ${env.sandboxSmtpPort} (${why}): set SANDBOX_SMTP_PORT.`,
    );
  });
  stops.push(() => door.close());
  return door.port;
}

interface ConnectionParts extends Pick<Parameters<typeof createConnections>[0], 'db' | 'sealer' | 'clocks'> {
  at: Addresses;
  stops: Stops;
}

/** Live connections reach the providers, test connections the fakes, unless the operator says otherwise. */
function openConnections(
  env: Env,
  log: Log,
  { at, stops, ...parts }: ConnectionParts,
  sandbox: () => Sandbox | null,
) {
  const http = createHttp({ connections: 128 });
  stops.push(() => http.close());
  const connections = createConnections({
    ...parts,
    log,
    servers: connectorServers,
    // Fakes live in this process: their calls need not find the public address. A worker calls the
    // fakes of the process that the public address names: it is their phones that people look at.
    http: env.isSandboxOn && env.role !== 'worker' ? createLoopback(http, at) : http,
    baseUrls: (connector, isLive, connectionId) =>
      env.providerBaseUrls.get(isLive ? connector : `${connector}:test`) ??
      (isLive ? undefined : sandbox()?.fakes.baseUrl(connector, connectionId)),
  });
  stops.push(() => connections.settled());
  return connections;
}
