import { join } from 'node:path';
import type { Context, Hono } from 'hono';
import { connectors } from '#connectors/index.ts';
import { connectorServers } from '#connectors/server.ts';
import { transaction } from '#db/database.ts';
import { isMigrated } from '#db/migrate.ts';
import { insertItems } from '#engine/insert-items.ts';
import { hasNextPartitions } from '#engine/partitions.ts';
import { createSignedInDoor } from '#connections/account-sign-in.ts';
import { createApi } from '#http/api.ts';
import { clientAddress, type Connected } from '#http/listen.ts';
import { readWebFiles } from '#http/web-files.ts';
import { systemClock } from '#lib/clock.ts';
import { newId } from '#lib/ids.ts';
import type { Log } from '#lib/log.ts';
import { createConsentBox } from '#messages/consent-box.ts';
import { createSignUps } from '#messages/sign-up/sign-up.ts';
import { keywordsToText } from '#messages/sign-up/keywords.ts';
import { createWebhooks } from '#messages/webhook.ts';
import { codeItem } from '#messages/own-page-code.ts';
import type { OwnPageDeps } from '#pages/deps.ts';
import { createPages } from '#pages/pages.ts';
import { handOutLinks } from '#releases/connect-links.ts';
import { RunFeed } from '#runs/run-feed.ts';
import { eraseFromSandbox } from '#sandbox/erase-from-sandbox.ts';
import { createVisitCounter } from '#visits/visit-counter.ts';
import type { Env } from './env.ts';
import type { Addresses, Parts } from './parts.ts';
import type { Stops, Storage } from './storage.ts';

/** What `scripts/build-web.ts` makes. */
const webFolder = join(import.meta.dirname, '../dist/web');

/** Every door of the process: the API, providers' webhooks, the fan's pages, the sandbox. */
export function createDoors(
  env: Env,
  parts: Parts,
  storage: Storage,
  log: Log,
  { publicUrl, shortUrl }: Addresses,
  stops: Stops,
): Hono {
  const { db, clocks, connections, engine, product, projects, sandbox } = parts;
  const runFeed = new RunFeed({ db });
  stops.push(async () => runFeed.close());
  // As: `listen.ts` hands this to every request; a test's own request has none.
  const addressOf = (context: Context) =>
    clientAddress(context.req.raw, (context.env ?? {}) as Partial<Connected>, env.isProxyTrusted);
  const hono = createApi({
    db,
    log,
    clock: clocks,
    wall: systemClock,
    auth: parts.auth,
    authenticator: parts.authenticator,
    projects,
    locate: parts.locate,
    engine: parts.door,
    connections,
    senderDesk: parts.senderDesk,
    connectors: connectors.map(({ id }) => connectorServers[id]),
    sealer: parts.sealer,
    targets: parts.targets,
    alsoErase: eraseFromSandbox,
    doOwnersChangePlan: env.planChanges === 'owner',
    publicUrl,
    shortUrl,
    metrics: parts.metrics,
    runFeed,
    addressOf,
    web: readWebFiles(webFolder),
    connectUrls: (projectId, fanIds) => connectUrls(parts, shortUrl(), projectId, fanIds),
    readiness: {
      isMigrated: () => isMigrated(storage.pool.pg),
      hasNextPartitions: () => hasNextPartitions(db, systemClock.now()),
      isAlive: () => engine.isAlive,
    },
  });
  const { takeText: acceptText, takeSocial } = parts;
  hono.route(
    '/',
    createWebhooks({ ...product, connections, publicUrl, log, acceptText, acceptSocial: takeSocial }),
  );
  const visits = createVisitCounter({ db, log });
  stops.push(() => visits.close());
  hono.route(
    '/',
    createPages({
      ...parts,
      visits,
      wall: systemClock,
      log,
      publicUrl,
      shortUrl,
      consent: createConsentBox({
        db,
        projects,
        connections,
        clock: clocks,
        accept: parts.door.accept,
        publicUrl,
      }),
      signUps: createSignUps({ ...parts, accept: parts.door.accept, publicUrl }),
      keywordsOf: async (projectId) => keywordsToText(await product.indexes.current(projectId)),
      own: ownPage(parts),
      raise: (event) => raise(parts, event),
      clientAddress: addressOf,
    }),
  );
  hono.route('/', createSignedInDoor({ db, wall: systemClock }));
  if (sandbox !== null) hono.route('/', sandbox.routes);
  return hono;
}

/** What the fan's own page asks of the engine. */
function ownPage({ db, door, connections, locate, engine }: Parts): OwnPageDeps {
  return {
    cancelItems: door.cancelItems,
    waitForWorkers: door.waitForWorkers,
    alsoErase: eraseFromSandbox,
    async sendCode(to) {
      const item = await codeItem({ connections, locate }, to);
      if (item === null) return;
      await transaction(db, (tx) => insertItems(tx, to.projectId, [item], null));
      engine.kick();
    },
  };
}

/** Every fan's page, made when it is asked for. */
async function connectUrls(
  { db, sealer, clocks }: Parts,
  url: string,
  projectId: string,
  fanIds: readonly string[],
): Promise<Map<string, string>> {
  const paths = await handOutLinks(db, sealer, projectId, fanIds, clocks.now(projectId));
  return new Map([...paths].map(([fanId, path]) => [fanId, url + path]));
}

/** What a fan did on her page, outside any run (R3). The page raises it once; a double click finds it done. */
async function raise(
  { clocks, door }: Parts,
  event: { projectId: string; fanId: string; type: string; subject: Record<string, string> },
): Promise<void> {
  await door.accept(event.projectId, {
    source: 'page',
    key: newId(),
    type: event.type,
    fingerprint: '',
    occurredAt: clocks.now(event.projectId),
    payload: { fanId: event.fanId, subject: event.subject },
  });
}
