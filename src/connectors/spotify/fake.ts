import type { FakeFault, FakeOptions, LibraryEntry, StreamingFake } from '../connector.ts';
import { apiError, empty, html, json } from './fake/answers.ts';
import { artistAlbums, search } from './fake/catalogue.ts';
import { authorize } from './fake/consent.ts';
import { legacyLibrary, library } from './fake/library.ts';
import type { Caller } from './fake/library.ts';
import { createState, demoUsers, findUser } from './fake/state.ts';
import type { FakeAlbum, FakeState, SpotifyFakeSettings } from './fake/state.ts';
import { issueGrant, revokeGrant, revokeGrantsOf, token } from './fake/tokens.ts';

export interface SpotifyFakeOptions extends FakeOptions, Partial<SpotifyFakeSettings> {
  /** What stands before `/authorize`, `/api/token` and `/v1` in the paths that come in; default nothing. */
  basePath?: string;
}

export interface SpotifyFake extends StreamingFake {
  /** Changes what the developer dashboard, or Spotify, would change. */
  configure(changes: Partial<SpotifyFakeSettings>): void;
  /** A work for `/search` and `/artists/{id}/albums`, found from its release on. */
  addAlbum(album: FakeAlbum): Promise<void>;
}

const windowMs = 30_000;
/** Calls remembered; the oldest go first. */
const maxCalls = 200_000;

type CallRecord = { method: string; path: string; status: number; at: string };

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
  const calls: CallRecord[] = [];
  const takeFault = createFaults();
  const isOverRate = createRateWindow(state);

  async function answer(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    const fault = await takeFault.next(path);
    if (fault !== undefined) return fault;
    if (path === '/authorize' && request.method === 'GET') return authorize(state, query);
    if (path === '/api/token' && request.method === 'POST') return token(state, request);
    if (!path.startsWith('/v1/')) return html('<!doctype html><title>Page not found</title>', 404);
    if (state.settings.quotaExceeded) return apiError(429, 'Too many requests', { reason: 'QUOTA_EXCEEDED' });
    const retryAfter = isOverRate();
    if (retryAfter !== undefined) return apiError(429, 'API rate limit exceeded', { retryAfter });
    return webApi(state, request, path.slice('/v1'.length), query);
  }

  return {
    async fetch(request) {
      const target = readTarget(request.url, basePath);
      const isPrivate = !target.path.startsWith('/v1/');
      // Sign-in queries carry state and challenge; those of the Web API only ids.
      const shown = isPrivate || target.search === '' ? target.path : `${target.path}?${target.search}`;
      const record: CallRecord = { method: request.method, path: shown, status: 0, at: now().toISOString() };
      calls.push(record);
      if (calls.length > maxCalls) calls.splice(0, maxCalls / 10);
      const response = await answer(request, target.path, new URLSearchParams(target.search));
      record.status = response.status;
      return response;
    },
    setFault: (fault) => takeFault.set(fault),
    calls: () => calls,
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
    users: () => demoUsers,
    async library(user) {
      const rows = Array.from(await state.libraryOf(user).all(), ([uri, { at }]) => ({ uri, at }));
      return { saved: rows.filter((row) => !isFollow(row)), following: rows.filter(isFollow) };
    },
    issueGrant: (user, scopes, authorisedAt) => issueGrant(state, user, scopes, authorisedAt),
    revokeGrant: (refreshToken) => revokeGrant(state, refreshToken),
    removeApp: (user) => revokeGrantsOf(state, user),
    addAlbum: (album) => state.albums.put(album.id, album),
  };
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
  if (method === 'GET' && path === '/search') return search(state, query);
  const artist = /^\/artists\/([0-9A-Za-z]{22})\/albums$/.exec(path)?.[1];
  if (method === 'GET' && artist !== undefined) return artistAlbums(state, artist, query);
  if (!path.startsWith('/me')) return apiError(404, 'Service not found');
  if (caller === 'app') return apiError(401, 'Valid user authentication required');
  if (path === '/me' && method === 'GET') return profile(state, caller);
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
  const accessToken = header.slice('Bearer '.length);
  const row = await state.accessTokens.get(accessToken);
  if (row === undefined) return apiError(401, 'Invalid access token');
  if (row.expiresAt <= state.now().toISOString()) {
    await state.accessTokens.remove(accessToken);
    return apiError(401, 'The access token expired');
  }
  const { mode, ownerHasPremium, allowedUsers } = state.settings;
  if (mode === 'development' && !ownerHasPremium) {
    return apiError(403, 'Active premium subscription required for the owner of the app.');
  }
  if (row.grantId === null) return 'app';
  const grant = await state.grants.get(row.grantId);
  if (grant === undefined || grant.isRevoked) return apiError(401, 'Invalid access token');
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
    display_name: (await findUser(state, user))?.displayName ?? null,
    type: 'user',
    uri: `spotify:user:${user}`,
  });
}

/** Calls of the last 30 seconds; over the limit: seconds until the oldest leaves the window. */
function createRateWindow(state: FakeState): () => number | undefined {
  let times: number[] = [];
  return () => {
    const limit = state.settings.callsPer30Seconds;
    if (limit === null) return undefined;
    const nowMs = state.now().getTime();
    times = times.filter((time) => time > nowMs - windowMs);
    const oldest = times[0];
    if (times.length >= limit && oldest !== undefined)
      return Math.max(1, Math.ceil((oldest + windowMs - nowMs) / 1_000));
    times.push(nowMs);
    return undefined;
  };
}

function createFaults() {
  let fault: FakeFault = { mode: 'ok' };
  let left = Infinity;

  return {
    set(next: FakeFault): void {
      fault = next;
      left = next.count ?? Infinity;
    },
    /** The broken answer, or undefined when the call is to be served (late, with `slow`). */
    async next(path: string): Promise<Response | undefined> {
      const { mode, ms } = fault;
      if (mode === 'ok' || left <= 0) return undefined;
      left -= 1;
      if (mode === 'slow') return wait(ms ?? 3_000);
      if (mode === 'timeout') return wait(ms ?? 30_000);
      if (mode === 'rate_limited') return apiError(429, 'API rate limit exceeded', { retryAfter: 5 });
      if (mode === 'garbage')
        return html('<!doctype html><title>Welcome</title><p>Please accept the terms of this network.</p>');
      if (mode === 'down') return empty(503);
      return path === '/api/token'
        ? json({ error: 'server_error', error_description: 'Failed to process' }, 500)
        : apiError(500, 'Internal server error');
    },
  };
}

/** `timeout` is carried out in the end, as such calls often are: only nobody is there to hear it. */
function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}

/** By hand: parsing a whole URL is the dearest part of a call. */
function readTarget(url: string, basePath: string): { path: string; search: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const rest = start === -1 ? '/' : url.slice(start);
  const inside = basePath !== '' && rest.startsWith(basePath) ? rest.slice(basePath.length) : rest;
  const mark = inside.indexOf('?');
  return mark === -1
    ? { path: inside, search: '' }
    : { path: inside.slice(0, mark), search: inside.slice(mark + 1) };
}
