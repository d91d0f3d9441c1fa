import type {
  EmailFake,
  Fake,
  FakeDoor,
  FakeOptions,
  SmsFake,
  SocialFake,
  StreamingFake,
} from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { fakeDoors, fakes as makers } from '#connectors/server.ts';
import type { Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { isId } from '#lib/ids.ts';
import {
  definitionOf,
  isConnectorId,
  readBehindDoor,
  readLoans,
  readTestConnections,
  type Loans,
} from './read-connections.ts';
import type { FakeStores } from './store.ts';

/** Where the fakes are mounted on the HTTP app. */
export const providersPath = '/sandbox/providers';

type FakeOf<Id extends ConnectorId> = ReturnType<(typeof makers)[Id]>;

export interface ServedFake {
  connector: ConnectorId;
  connectionId: string;
  fake: Fake;
}

/**
 * The providers of test connections: **one fake a connection**, so that what one artist's fans do
 * never shows in another's provider, and so that a connection lent to several test projects is one
 * account there, as with the real provider. Its clock is that of the project furthest ahead among
 * those it is lent to: seen from any of them, nothing that it took lies before it was sent.
 */
export interface SandboxFakes {
  /** Below it the fake of a connection answers like the provider; what the connection's client is given. */
  baseUrl(connector: string, connectionId: string): string;
  /** The fake of a connection, made if need be; before the connection is: its settings come from here. */
  open<Id extends ConnectorId>(connector: Id, connectionId: string): Promise<FakeOf<Id>>;
  /** Fakes of the test connections that a project was lent, oldest first. */
  ofProject(projectId: string): Promise<ServedFake[]>;
  /** Serves a call below `providersPath`; 404 unless it names a test connection. */
  serve(request: Request): Promise<Response>;
  /** Opens the door of the fakes that do not speak HTTP. Throws when the port is taken. */
  openDoor(at: { host: string; port: number }): Promise<FakeDoor>;
  /** Ends what is under way; kept texts go on with the next process. */
  close(): Promise<void>;
}

export interface SandboxFakesOptions {
  db: Db;
  stores: FakeStores;
  clocks: DomainClock;
  wall: WallClock;
  /** Of a test connection: a carrier's fake has the account and the numbers that a person entered. */
  settingsOf: (accountId: string, connectionId: string) => Promise<Record<string, unknown>>;
  /** Scheme and host that links carry, no slash at the end; asked late, since the port may be any. */
  publicUrl: () => string;
  deliver: FakeOptions['deliver'];
  /** Host and port of the door that `openDoor` opened, here or in the process that serves HTTP. */
  doorAddress?: () => string;
}

/** The discard port: nobody is there. */
const nowhere = () => '127.0.0.1:9';

/** Loans are read again when they are older. */
const freshMs = 1_000;

interface Instance extends ServedFake {
  projectIds: readonly string[];
  /** The sealed settings that the fake was told last. */
  told: Buffer | null;
  /** Milliseconds of `performance.now()`. */
  readAtMs: number;
}

export function createSandboxFakes(options: SandboxFakesOptions): SandboxFakes {
  const { db, stores, clocks, wall, settingsOf, publicUrl, deliver, doorAddress = nowhere } = options;
  const instances = new Map<string, Instance>();

  function nowOf(instance: Instance): Date {
    const times = instance.projectIds.map((id) => clocks.now(id).getTime());
    return times.length === 0 ? wall.now() : new Date(Math.max(...times));
  }

  function make(connector: ConnectorId, connectionId: string): Instance {
    const store = stores.of(connector, connectionId);
    const fake: Fake = makers[connector]({
      store,
      now: () => nowOf(instance),
      deliver,
      webhookUrl: () => `${publicUrl()}/webhooks/${connector}/${connectionId}`,
      ownUrl: () => ownUrl(connector, connectionId),
    });
    const instance: Instance = {
      connector,
      connectionId,
      fake,
      projectIds: [],
      told: null,
      readAtMs: -Infinity,
    };
    return instance;
  }

  function find(connector: ConnectorId, connectionId: string): Instance {
    const key = `${connector}/${connectionId}`;
    const instance = instances.get(key) ?? make(connector, connectionId);
    instances.set(key, instance);
    return instance;
  }

  /** While the database is away, what was known goes on: the real provider would not notice either. */
  async function refresh(instance: Instance): Promise<Instance> {
    if (performance.now() - instance.readAtMs <= freshMs) return instance;
    try {
      const loans = await readLoans(db, instance.connector, instance.connectionId);
      if (loans === null) instance.projectIds = [];
      else await learn(instance, loans);
      instance.readAtMs = performance.now();
    } catch (error) {
      if (instance.readAtMs === -Infinity) throw error;
    }
    return instance;
  }

  async function learn(instance: Instance, { accountId, projectIds, settings }: Loans): Promise<void> {
    instance.projectIds = projectIds;
    const { fake, told, connectionId } = instance;
    if (!isSmsFake(fake) || told?.equals(settings) === true) return;
    await fake.own(await settingsOf(accountId, connectionId));
    instance.told = settings;
  }

  /** Of a test connection that is there; a stranger's guess makes nothing. */
  async function findServed(connector: ConnectorId, connectionId: string): Promise<Instance | undefined> {
    const known = instances.get(`${connector}/${connectionId}`);
    if (known !== undefined && known.projectIds.length > 0) return refresh(known);
    const loans = await readLoans(db, connector, connectionId);
    if (loans === null) return undefined;
    const instance = find(connector, connectionId);
    await learn(instance, loans);
    return Object.assign(instance, { readAtMs: performance.now() });
  }

  /** Whoever names no connection, or one that is not there, means the oldest. */
  async function findBehindDoor(connectionId: string | null): Promise<Fake | undefined> {
    if (connectionId !== null && !isId(connectionId)) return undefined;
    const found = await readBehindDoor(db, connectionId);
    return found && (await findServed(found.connector, found.id))?.fake;
  }

  const ownUrl = (connector: string, connectionId: string) =>
    `${publicUrl()}${providersPath}/${connector}/${connectionId}`;

  return {
    baseUrl(connector, connectionId) {
      const protocol = definitionOf(connector)?.protocol;
      return protocol === undefined
        ? ownUrl(connector, connectionId)
        : `${protocol}://${connectionId}@${doorAddress()}`;
    },
    openDoor: (at) => fakeDoors.smtp({ ...at, find: findBehindDoor }),
    async open(connector, connectionId) {
      const { fake } = await refresh(find(connector, connectionId));
      // As: `make` called the maker of this connector.
      return fake as FakeOf<typeof connector>;
    },
    async ofProject(projectId) {
      const rows = await readTestConnections(db, projectId);
      return Promise.all(rows.map(({ connector, id }) => refresh(find(connector, id))));
    },
    async serve(request) {
      const target = readTarget(request.url);
      if (target === null) return new Response('Not found', { status: 404 });
      const instance = await findServed(target.connector, target.connectionId);
      if (instance === undefined) return new Response('Not found', { status: 404 });
      return instance.fake.fetch(await moved(request, target.rest));
    },
    async close() {
      for (const { fake } of instances.values())
        if ('close' in fake && typeof fake.close === 'function') fake.close();
      await stores.flush();
    },
  };
}

/** The part of a URL behind the fake's own path, as the provider would see it. */
function readTarget(url: string): { connector: ConnectorId; connectionId: string; rest: string } | null {
  const { pathname, search, origin } = new URL(url);
  const [connector, connectionId = '', ...rest] = pathname.slice(`${providersPath}/`.length).split('/');
  if (!isConnectorId(connector) || !isId(connectionId)) return null;
  return { connector, connectionId, rest: `${origin}/${rest.join('/')}${search}` };
}

async function moved(request: Request, url: string): Promise<Request> {
  const { method, headers, signal } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers, signal, ...(hasBody && { body: await request.arrayBuffer() }) });
}

export function isSmsFake(fake: Fake): fake is SmsFake {
  return 'receiveText' in fake;
}

export function isEmailFake(fake: Fake): fake is EmailFake {
  return 'mails' in fake;
}

export function isSocialFake(fake: Fake): fake is SocialFake {
  return 'receiveComment' in fake;
}

export function isStreamingFake(fake: Fake): fake is StreamingFake {
  return 'library' in fake;
}
