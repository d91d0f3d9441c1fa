import { createHttp } from '#lib/http.ts';
import type {
  Access,
  ClientOptions,
  ConnectorServer,
  FakeOptions,
  FakeStore,
  LookupClient,
  StreamingClient,
  StreamingFake,
  Tokens,
} from '../connector.ts';
import { createMemoryStore } from './memory-store.ts';
import { serveFetch } from './serve.ts';

export interface ServiceStage<F> {
  fake: F;
  client: StreamingClient;
  lookup: LookupClient;
  url: string;
  store: FakeStore;
  now(): Date;
  /** Moves the clock that the fake and the client share. */
  advance(ms: number): void;
  access(user?: string): Promise<Access>;
  close(): Promise<void>;
}

/** A streaming connector's clients and its fake, with a socket between them and a clock that stands still. */
export async function setServiceStage<F extends StreamingFake>(
  server: ConnectorServer,
  createFake: (options: FakeOptions) => F,
  options: { settings?: Record<string, unknown>; meter?: ClientOptions['meter'] } = {},
): Promise<ServiceStage<F>> {
  let nowMs = Date.parse('2026-11-23T12:00:00Z');
  const now = () => new Date(nowMs);
  const store = createMemoryStore();
  const fake = createFake({ store, now, deliver: async () => ({ status: 200, body: '' }) });
  const served = await serveFetch((request) => fake.fetch(request));
  const http = createHttp({ defaultTimeoutMs: 2_000 });
  const given: ClientOptions = {
    baseUrl: served.url,
    settings: { ...fake.connectionSettings(), ...options.settings },
    http,
    now,
    ...(options.meter === undefined ? {} : { meter: options.meter }),
  };
  const client = server.streaming?.(given);
  const lookup = server.lookup?.(given);
  if (client === undefined || lookup === undefined) throw new Error('this connector is no whole service');
  const scopes = client.oauth.scopesFor(server.definition.actions);
  return {
    fake,
    client,
    lookup,
    url: served.url,
    store,
    now,
    advance: (ms) => void (nowMs += ms),
    access: async (user = 'mara-lindqvist') => accessOf(await fake.issueGrant(user, scopes, now())),
    async close() {
      await served.close();
      await http.close();
    },
  };
}

export function accessOf(tokens: Tokens): Access {
  return { token: async () => tokens.accessToken, renew: async () => tokens.accessToken };
}
