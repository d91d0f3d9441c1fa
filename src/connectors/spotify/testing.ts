import { createHttp } from '#lib/http.ts';
import type { Access, FakeStore, StreamingClient, Tokens } from '../connector.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { serveFetch } from '../testing/serve.ts';
import { createSpotifyClient } from './client.ts';
import { createSpotifyFake } from './fake.ts';
import type { SpotifyFake, SpotifyFakeOptions } from './fake.ts';

export const redirectUri = 'https://segue.example/oauth/spotify/callback';
export const albumId = '4aawyAB9vmqN3uQ7FjRGTy';
export const artistId = '2takcwOaAZWiXQijPHIx7B';
export const allScopes = [
  'user-library-modify',
  'user-library-read',
  'user-follow-modify',
  'user-follow-read',
];

/** Spotify calls nobody back. */
export const deliver = async () => ({ status: 200, body: '' });

export interface Stage {
  fake: SpotifyFake;
  client: StreamingClient;
  /** A client as if configured otherwise, towards the same fake. */
  clientWith(settings: Record<string, unknown>): StreamingClient;
  url: string;
  store: FakeStore;
  /** Moves the clock that the fake and the client share. */
  advance(ms: number): void;
  now(): Date;
  access(user?: string, scopes?: readonly string[]): Promise<Access>;
  close(): Promise<void>;
}

/** The client and the fake with a socket between them and a clock that stands still until moved. */
export async function setStage(
  options: Partial<SpotifyFakeOptions> = {},
  settings: Record<string, unknown> = {},
): Promise<Stage> {
  let nowMs = Date.parse('2026-11-23T12:00:00Z');
  const now = () => new Date(nowMs);
  const store = createMemoryStore();
  const fake = createSpotifyFake({
    store,
    now,
    deliver: async () => ({ status: 200, body: '' }),
    ...options,
  });
  const served = await serveFetch((request) => fake.fetch(request));
  const http = createHttp({ defaultTimeoutMs: 2_000 });
  const clientWith = (changes: Record<string, unknown>) =>
    createSpotifyClient({
      baseUrl: served.url,
      settings: { clientId: 'segue-sandbox-client', mode: 'extended', ...settings, ...changes },
      http,
      now,
    });
  return {
    fake,
    client: clientWith({}),
    clientWith,
    url: served.url,
    store,
    now,
    advance: (ms) => void (nowMs += ms),
    access: async (user = 'mara-lindqvist', scopes = allScopes) =>
      accessOf(await fake.issueGrant(user, scopes, now())),
    async close() {
      await served.close();
      await http.close();
    },
  };
}

export function accessOf(tokens: Tokens): Access {
  return { token: async () => tokens.accessToken, renew: async () => tokens.accessToken };
}
