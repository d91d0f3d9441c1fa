import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createAccount, createApiKey, createProject } from '#accounts/create.ts';
import { createConnections } from '#connections/create-connections.ts';
import type { Tokens } from '#connectors/connector.ts';
import { connectorServers } from '#connectors/server.ts';
import type { Db } from '#db/database.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool, type Pool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { createArtist } from '#releases/artists.ts';
import { createRelease } from '#releases/releases.ts';
import { startChild, type Child } from '../burst/child.ts';
import { startSegue } from '../burst/stage.ts';
import { type Ask, type Counts, type Ready, type Service, services } from './wire.ts';
import { accountOf, copyTemplate, makeTemplate, releaseNow } from './seed.ts';

export interface Project {
  projectId: string;
  key: string;
  releaseId: string;
  artistId: string;
  connectionIds: Record<Service, string>;
}

export interface Stage {
  pool: Pool;
  project: Project;
  startSegue(): Promise<Child<{ url: string }>>;
  counts(): Promise<Record<Service, Counts>>;
  /** How many of the service's people have exactly the release in their library. */
  saved(service: Service, people: number): Promise<number>;
  close(): Promise<void>;
}

/** So many saves of each service, promised and due; nothing runs yet. `isLimited`: providers hold to their rates. */
export async function setStage(people: Record<Service, number>, isLimited: boolean): Promise<Stage> {
  const dataDir = mkdtempSync(path.join('/tmp', 'segue-bench-'));
  chmodSync(dataDir, 0o755);
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const server = await startEmbedded({ dataDir, log: quiet });
  const pool = createPool({ url: server.url, max: 4 });
  await migrate(pool.pg);
  await makePartitions(pool.db, new Date());
  const secretKey = randomBytes(32);
  const sealer = createSealer([secretKey]);
  const fakes = await startChild<Ready[]>(new URL('fakes.ts', import.meta.url));
  const ask = (question: Ask) => fakes.ask(question);
  const project = await makeProject(pool.db, secretKey, fakes.ready, isLimited);
  const urls = Object.fromEntries(fakes.ready.map(({ service, url }) => [service, url]));
  const start = () => startSegue(server.url, secretKey, urls, []);
  // As: the child answers each question with what its type there says.
  const tokensOf = (service: Service, users: string[]) =>
    ask({ ask: 'grants', service, users }) as Promise<Tokens[]>;

  const segue = await start();
  const post = (to: string, body: unknown) => postTo(segue.ready.url, project.key, to, body);
  await startFlow(project, post);
  const templates = [];
  for (const service of services) {
    const [tokens] = await tokensOf(service, [accountOf(service, 0)]);
    if (tokens === undefined) throw new Error('a token for each');
    templates.push(await makeTemplate(pool.db, sealer, project, service, tokens, post));
  }
  await segue.stop();
  for (const template of templates) {
    const { service } = template;
    await copyTemplate(server.url, pool.db, sealer, template, people[service] - 1, (from, count) =>
      tokensOf(service, names(service, from, count)),
    );
  }
  await releaseNow(pool.db, project);
  if (isLimited) await ask({ ask: 'limit' });
  return {
    pool,
    project,
    startSegue: start,
    counts: () => ask({ ask: 'counts' }) as Promise<Record<Service, Counts>>,
    async saved(service, count) {
      let all = 0;
      for (let from = 0; from < count; from += 5_000) {
        const users = names(service, from, Math.min(5_000, count - from));
        all += (await ask({ ask: 'saved', service, users })) as number;
      }
      return all;
    },
    async close() {
      await fakes.stop();
      await pool.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const names = (service: Service, from: number, count: number) =>
  Array.from({ length: count }, (_, at) => accountOf(service, from + at));

async function makeProject(
  db: Db,
  secretKey: Buffer,
  ready: readonly Ready[],
  isLimited: boolean,
): Promise<Project> {
  const { accountId } = await createAccount(db, { name: 'Bench' });
  const { projectId } = await createProject(db, { accountId, name: 'Luna Vale', isLive: false });
  const { key } = await createApiKey(db, {
    projectId,
    name: 'bench',
    scopes: ['read', 'write', 'events:write'],
  });
  const connections = createConnections({
    db,
    sealer: createSealer([secretKey]),
    clocks: { now: () => new Date() },
    wall: systemClock,
    log: createLog({ level: 'warn' }),
    servers: connectorServers,
    http: createHttp(),
    baseUrls: (connector) => ready.find(({ service }) => service === connector)?.url ?? '',
  });
  const connectionIds = {} as Record<Service, string>; // filled below, one a service
  for (const { service, settings } of ready) {
    const wide = service === 'spotify' ? { callsPer30Seconds: 1_000_000 } : { callsPerSecond: 10_000 };
    const made = await connections.createConnection({
      accountId,
      connector: service,
      label: service,
      isLive: false,
      settings: isLimited ? settings : { ...settings, ...wide },
    });
    await connections.lendConnection(accountId, made.id, projectId);
    connectionIds[service] = made.id;
  }
  const now = new Date();
  const idsOf = (what: 'artist' | 'album') =>
    ready.map(({ service, samples }) => ({ service, serviceId: samples[what] }));
  const artist = await createArtist(db, projectId, { name: 'Luna Vale', services: idsOf('artist') }, now);
  const release = await createRelease(
    db,
    projectId,
    {
      title: 'Nightglass',
      artistId: artist.id,
      kind: 'album',
      releaseAt: new Date(now.getTime() + 24 * 60 * 60_000),
      services: idsOf('album'),
    },
    now,
  );
  return { projectId, key, releaseId: release.id, artistId: artist.id, connectionIds };
}

async function startFlow(
  { artistId, releaseId }: Project,
  post: (to: string, body: unknown) => Promise<unknown>,
): Promise<void> {
  const flow = {
    name: 'Pre-save',
    trigger: { trigger: 'follow', config: { artistId } },
    steps: [{ step: 'presave', config: { releaseId } }],
  };
  const { id } = (await post('/flows', flow)) as { id: string }; // the API's own answer
  await post(`/flows/${id}/activate`, {});
}

async function postTo(url: string, key: string, to: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${to}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${to}: ${response.status} ${await response.text()}`);
  return response.json();
}
