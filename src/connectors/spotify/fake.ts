import type { FakeOptions, LibraryEntry, StreamingFake } from '../connector.ts';
import { html, json } from '../kit/fake/answers.ts';
import { demoUsers } from '../kit/fake/people.ts';
import { createRateWindow } from '../kit/fake/rate-window.ts';
import { createShell } from '../kit/fake/shell.ts';
import { apiError } from './fake/answers.ts';
import { readCatalogue } from './fake/catalogue.ts';
import { legacyLibrary, library } from './fake/library.ts';
import type { Caller } from './fake/library.ts';
import { createState } from './fake/state.ts';
import type { FakeState, SpotifyFakeSettings } from './fake/state.ts';

export interface SpotifyFakeOptions extends FakeOptions, Partial<SpotifyFakeSettings> {
  /** What stands before `/authorize`, `/api/token` and `/v1` in the paths that come in; default nothing. */
  basePath?: string;
}

export interface SpotifyFake extends StreamingFake {
  /** Changes what the developer dashboard, or Spotify, would change. */
  configure(changes: Partial<SpotifyFakeSettings>): void;
}

const windowMs = 30_000;

/**
 * Spotify's accounts host and Web API under one address, as they stood in November 2026. Users,
 * tokens and libraries live in the store; faults, the rate window and the list of calls do not.
 */
export function createSpotifyFake({
  basePath = '',
  store,
  now,
  deliver,
  ...changes
}: SpotifyFakeOptions): SpotifyFake {
  const state = createState({ store, now, deliver }, { ...defaultSettings, ...changes });
  const overRate = createRateWindow(now, windowMs);
  const { signIn } = state;

  async function answer(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    if (path === '/authorize' && request.method === 'GET') return signIn.authorize(query);
    if (path === '/api/token' && request.method === 'POST') return signIn.token(request);
    if (path.startsWith('/short/')) return shortLink(path.slice('/short/'.length));
    if (!path.startsWith('/v1/')) return html('<!doctype html><title>Page not found</title>', 404);
    if (state.settings.quotaExceeded) return apiError(429, 'Too many requests', { reason: 'QUOTA_EXCEEDED' });
    const overMs = overRate(state.settings.callsPer30Seconds);
    if (overMs !== null) return rateLimited(Math.max(1, Math.ceil(overMs / 1_000)));
    return webApi(state, request, path.slice('/v1'.length), query);
  }

  const shell = createShell({
    basePath,
    now,
    answer,
    // Sign-in queries carry state and challenge; those of the Web API only ids.
    showsQuery: (path) => path.startsWith('/v1/'),
    trouble: {
      rateLimited: () => rateLimited(5),
      error: (path) =>
        path === '/api/token'
          ? json({ error: 'server_error', error_description: 'Failed to process' }, 500)
          : apiError(500, 'Internal server error'),
    },
  });

  return {
    ...shell,
    configure: (more) => void Object.assign(state.settings, more),
    connectionSettings() {
      const { clientId, clientSecret, mode, allowedUsers } = state.settings;
      return {
        clientId,
        clientSecret,
        mode,
        namedTesters: mode === 'development' ? (allowedUsers ?? []) : [],
      };
    },
    samples: () => ({
      album: '4aawyAB9vmqN3uQ7FjRGTy',
      track: '7a3LWj5xSFhFRYmztS8wgK',
      playlist: '37i9dQZF1DXcBWIGoYBM5M',
      artist: '2takcwOaAZWiXQijPHIx7B',
    }),
    refusedToken: { status: 401, body: '{"error":{"status":401,"message":"The access token expired"}}' },
    users: () => demoUsers.map((user) => ({ ...user, accountId: accountIdOf(user.id) })),
    async library(user) {
      const rows = Array.from(await state.libraryOf(user).all(), ([uri, { at }]) => ({ uri, at }));
      return { saved: rows.filter((row) => !isFollow(row)), following: rows.filter(isFollow) };
    },
    issueGrant: (user, scopes, authorisedAt) => signIn.issueGrant(user, scopes, authorisedAt),
    revokeGrant: (refreshToken) => signIn.revokeGrant(refreshToken),
    removeApp: (user) => signIn.revokeGrantsOf(user),
    addWork: (work) => state.catalogue.add(work),
  };
}

function rateLimited(retryAfter: number): Response {
  return apiError(429, 'API rate limit exceeded', { retryAfter });
}

/** `spotify.link/CODE`: here the code is the id of an album. */
function shortLink(code: string): Response {
  if (!/^[0-9A-Za-z]{22}$/.test(code)) return html('<!doctype html><title>Not found</title>', 404);
  const location = `https://open.spotify.com/album/${code}?si=short`;
  return new Response(null, { status: 302, headers: { location } });
}

function isFollow({ uri }: LibraryEntry): boolean {
  return uri.startsWith('spotify:artist:') || uri.startsWith('spotify:user:');
}

const defaultSettings: SpotifyFakeSettings = {
  clientId: 'segue-sandbox-client',
  clientSecret: 'segue-sandbox-secret',
  mode: 'extended',
  allowedUsers: null,
  ownerHasPremium: true,
  acceptsArtistUris: true,
  ignoresArtistUris: false,
  hasLibrary: true,
  callsPer30Seconds: null,
  quotaExceeded: false,
  redirectUris: null,
};

async function webApi(
  state: FakeState,
  request: Request,
  path: string,
  query: URLSearchParams,
): Promise<Response> {
  const caller = await readCaller(state, request);
  if (caller instanceof Response) return caller;
  const { method } = request;
  const read = method === 'GET' ? await readCatalogue(state, path, query) : undefined;
  if (read !== undefined) return read;
  if (!path.startsWith('/me')) return apiError(404, 'Service not found');
  if (caller === 'app') return apiError(401, 'Valid user authentication required');
  if (path === '/me' && method === 'GET') return profile(state, caller);
  const { hasLibrary, mode } = state.settings;
  if (path.startsWith('/me/library') && !hasLibrary && mode === 'extended')
    return apiError(404, 'Service not found');
  if (path === '/me/library' && method === 'PUT') return library(state, caller, 'add', query);
  if (path === '/me/library' && method === 'DELETE') return library(state, caller, 'remove', query);
  if (path === '/me/library/contains' && method === 'GET') return library(state, caller, 'check', query);
  return legacyLibrary(state, caller, method, path, query);
}

/** Bearer token → who; an app's own token has no user. Development mode adds its two refusals. */
async function readCaller(state: FakeState, request: Request): Promise<Caller | 'app' | Response> {
  const header = request.headers.get('authorization');
  if (header === null) return apiError(401, 'No token provided');
  if (!header.startsWith('Bearer ')) return apiError(400, 'Only valid bearer authentication supported');
  const bearer = await state.signIn.read(header.slice('Bearer '.length));
  if (bearer === 'expired') return apiError(401, 'The access token expired');
  const { mode, ownerHasPremium, allowedUsers } = state.settings;
  if (bearer !== 'unknown' && mode === 'development' && !ownerHasPremium) {
    return apiError(403, 'Active premium subscription required for the owner of the app.');
  }
  if (bearer === 'app') return 'app';
  if (bearer === 'unknown') return apiError(401, 'Invalid access token');
  const { grant } = bearer;
  if (mode === 'development' && allowedUsers !== null && !isAllowed(allowedUsers, grant.user)) {
    // Bare text, as the gateway in front of the Web API answers it.
    return new Response(
      'Check settings on developer.spotify.com/dashboard, the user may not be registered.',
      { status: 403 },
    );
  }
  return grant;
}

function isAllowed(allowedUsers: readonly string[], user: string): boolean {
  return allowedUsers.includes(user) || allowedUsers.includes(accountIdOf(user));
}

function accountIdOf(user: string): string {
  return `acc${Buffer.from(user).toString('hex')}`;
}

async function profile(state: FakeState, { user }: Caller): Promise<Response> {
  return json({
    account_id: accountIdOf(user),
    id: user,
    display_name: (await state.people.find(user))?.displayName ?? null,
    type: 'user',
    uri: `spotify:user:${user}`,
  });
}
