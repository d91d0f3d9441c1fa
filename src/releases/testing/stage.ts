import { sql } from 'kysely';
import { createConnections } from '#connections/create-connections.ts';
import type { FakeOptions, StreamingFake } from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { connectorServers } from '#connectors/server.ts';
import { createSpotifyFake } from '#connectors/spotify/fake.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch, type ServedFetch } from '#connectors/testing/serve.ts';
import { transaction, type Db } from '#db/database.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import type { ItemView } from '#engine/contract.ts';
import { readFacts, type FanFacts } from '#fans/facts.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { createArtist } from '../artists.ts';
import { storeGrant } from '../grants.ts';
import type { NewPurpose } from '../purposes.ts';
import { createRelease, type ReleaseInput } from '../releases.ts';
import { createStreaming, type Streaming, type StreamingDeps } from '../streaming.ts';
import { addService } from './service.ts';

export const dayMs = 24 * 60 * 60_000;
export const allScopes = ['user-library-modify', 'user-follow-modify', 'user-follow-read'];
export const key = Buffer.alloc(32, 3);
export const sealer = createSealer([key]);

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** A test project with a streaming app over the real connector and its fake, a socket between them. */
export async function setStage(db: Db, appSettings: Record<string, unknown> = {}) {
  const projectId = newId();
  const accountId = newId();
  const clocks = new ProjectClocks(db, systemClock);
  const now = () => clocks.now(projectId);
  const fake = createSpotifyFake({
    store: createMemoryStore(),
    now,
    deliver: () => Promise.resolve({ status: 200, body: '' }),
  });
  const served = await serveFetch((request) => fake.fetch(request));
  const others = new Map<string, ServedFetch>();
  const http = createHttp({ defaultTimeoutMs: 2_000 });
  await sql`insert into account (id, name) values (${accountId}, 'A')`.execute(db);
  await sql`
    insert into project (id, account_id, name, slug, is_live, programme, legal_sender, zone)
    values (${projectId}, ${accountId}, 'Luna Vale', ${projectId}, false, 'Luna Vale', 'LV', 'Europe/Berlin')`.execute(
    db,
  );
  const openConnections = () =>
    createConnections({
      db,
      http,
      sealer,
      clocks,
      baseUrls: (connector) => (others.get(connector) ?? served).url,
      servers: connectorServers,
      log: createLog({ level: 'silent' }),
    });
  const connections = openConnections();
  const settings = { ...fake.connectionSettings(), ...appSettings };
  const made = await connections.createConnection({
    accountId,
    connector: 'spotify',
    label: 'App',
    isLive: false,
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  });
  await connections.lendConnection(accountId, made.id, projectId);
  const open = (more: Partial<StreamingDeps> = {}): Streaming =>
    createStreaming({ db, sealer, clocks, connections, ...more });
  const artist = await createArtist(
    db,
    projectId,
    { name: 'Luna Vale', services: [{ service: 'spotify', serviceId: '2takcwOaAZWiXQijPHIx7B' }] },
    now(),
  );
  return {
    db,
    projectId,
    accountId,
    connectionId: made.id,
    artistId: artist.id,
    clocks,
    now,
    fake,
    fakeUrl: served.url,
    http,
    connections,
    openConnections,
    /** As another process would have it: nothing in memory is shared. */
    openStreaming: open,
    streaming: open(),
    addRelease: (input: Partial<ReleaseInput> = {}) =>
      createRelease(
        db,
        projectId,
        {
          title: 'Nightglass',
          artistId: artist.id,
          kind: 'album',
          releaseAt: new Date(now().getTime() + 30 * dayMs),
          services: [{ service: 'spotify', serviceId: nextAlbumId() }],
          ...input,
        },
        now(),
      ),
    addFan: (options: { phone?: string; email?: string; hasConsent?: boolean } = {}) =>
      addFan(db, projectId, now(), options),
    /** As if the fan had signed in at that moment. */
    async link(fanId: string, options: LinkOptions = {}) {
      const authorisedAt = options.authorisedAt ?? now();
      const scopes = options.scopes ?? allScopes;
      const tokens = await fake.issueGrant(options.user ?? `user-${fanId}`, scopes, authorisedAt);
      const client = (await connections.find(made.id))?.streaming;
      await transaction(db, (tx) =>
        storeGrant(
          tx,
          sealer,
          {
            projectId,
            fanId,
            service: 'spotify',
            connectionId: made.id,
            providerAccount: 'account',
            displayName: 'Mara',
            tokens,
            authorisedAt,
            diesAt:
              options.diesAt === undefined ? (client?.oauth.diesAt(authorisedAt) ?? null) : options.diesAt,
            ...(options.provenAt ? { provenAt: options.provenAt } : {}),
          },
          options.purposes ?? [],
        ),
      );
      return tokens;
    },
    /** One more service beside the first, over its own connector and fake. */
    addService: <F extends StreamingFake>(connector: ConnectorId, createFake: (of: FakeOptions) => F) =>
      addService({ db, projectId, accountId, sealer, connections, now, others }, connector, createFake),
    async facts(fanId: string, flowIds: readonly string[] = []): Promise<FanFacts> {
      const facts = await readFacts(db, projectId, [fanId], flowIds, now());
      const known = facts.get(fanId);
      if (known === undefined) throw new Error('there is no such fan');
      return known;
    },
    view: (fanId: string, change: Partial<ItemView> = {}): ItemView => ({
      projectId,
      id: newId(),
      kind: 'run',
      fanId,
      flowId: null,
      flowVersionId: null,
      runId: newId(),
      position: 1,
      service: '',
      data: {},
      outcomes: [],
      now: now(),
      isPastDeadline: false,
      deadlineAt: null,
      heldSince: null,
      attempt: 0,
      isFreshLook: true,
      ...change,
    }),
    library: async (fanId: string) => (await fake.library(`user-${fanId}`)).saved.map(({ uri }) => uri),
    following: async (fanId: string) => (await fake.library(`user-${fanId}`)).following.map(({ uri }) => uri),
    tokenCalls: () => fake.calls().filter(({ path }) => path === '/api/token').length,
    async close() {
      await connections.settled();
      await served.close();
      for (const one of others.values()) await one.close();
      await http.close();
    },
  };
}

export interface LinkOptions {
  authorisedAt?: Date;
  diesAt?: Date | null;
  provenAt?: Date;
  scopes?: string[];
  user?: string;
  purposes?: NewPurpose[];
}

export function allow(kind: NewPurpose['kind'], targetId: string): NewPurpose {
  return { kind, targetId, words: 'as shown', source: 'test' };
}

async function addFan(
  db: Db,
  projectId: string,
  now: Date,
  { phone, email, hasConsent = false }: { phone?: string; email?: string; hasConsent?: boolean },
): Promise<string> {
  const fanId = newId();
  const number = phone ?? `+1619${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
  await sql`insert into fan (project_id, id, created_at) values (${projectId}, ${fanId}, ${now})`.execute(db);
  await sql`
    insert into address (project_id, channel, value, fan_id, created_at)
    values (${projectId}, 'sms', ${number}, ${fanId}, ${now})`.execute(db);
  if (email !== undefined) {
    await sql`
      insert into address (project_id, channel, value, fan_id, created_at)
      values (${projectId}, 'email', ${email}, ${fanId}, ${now})`.execute(db);
  }
  if (hasConsent) {
    await sql`
      insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                           granted_at, active_at)
      values (${projectId}, ${newId()}, ${fanId}, 'sms', ${number}, 'yes', 'v1', 'keyword', '{}', ${now}, ${now})`.execute(
      db,
    );
  }
  return fanId;
}

let albums = 0;
function nextAlbumId(): string {
  albums += 1;
  return `album${String(albums).padStart(17, '0')}`;
}
