import { empty, json } from '../../kit/fake/answers.ts';
import { apiError } from './answers.ts';
import type { FakeState } from './state.ts';

/** A signed-in caller of the Web API. */
export interface Caller {
  user: string;
  scopes: readonly string[];
}

const maxUris = 40;
const idForm = /^[0-9A-Za-z]{22}$/;

type Verb = 'add' | 'remove' | 'check';

/** Scope by URI type: [to change, to check]. */
const scopesByType: Record<string, readonly [string, string]> = {
  track: ['user-library-modify', 'user-library-read'],
  album: ['user-library-modify', 'user-library-read'],
  episode: ['user-library-modify', 'user-library-read'],
  show: ['user-library-modify', 'user-library-read'],
  audiobook: ['user-library-modify', 'user-library-read'],
  artist: ['user-follow-modify', 'user-follow-read'],
  user: ['user-follow-modify', 'user-follow-read'],
  playlist: ['playlist-modify-public', 'playlist-read-private'],
};

/** `PUT|DELETE /me/library` and `GET /me/library/contains`: URIs in the query, never in the body. */
export async function library(
  state: FakeState,
  caller: Caller,
  verb: Verb,
  query: URLSearchParams,
): Promise<Response> {
  const given = query.get('uris');
  if (given === null || given === '') return apiError(400, 'Missing required field: uris');
  const uris = given.split(',');
  if (uris.length > maxUris) return apiError(400, `Too many uris: at most ${maxUris}`);
  for (const uri of uris) {
    const refusal = refuseUri(state, caller, verb, uri);
    if (refusal !== undefined) return refusal;
  }
  return verb === 'check' ? contains(state, caller, uris) : change(state, caller, verb, uris);
}

function refuseUri(
  { settings }: FakeState,
  { scopes }: Caller,
  verb: Verb,
  uri: string,
): Response | undefined {
  const [scheme, type = '', id = '', rest] = uri.split(':');
  const isId = type === 'user' ? id !== '' : idForm.test(id);
  if (scheme !== 'spotify' || !isId || rest !== undefined) return apiError(400, 'Invalid Spotify URI');
  const needed = scopesByType[type];
  if (needed === undefined) return apiError(400, 'Unsupported URI type');
  if (type === 'artist' && verb !== 'check' && !settings.acceptsArtistUris)
    return apiError(400, 'Unsupported URI type');
  return scopes.includes(needed[verb === 'check' ? 1 : 0])
    ? undefined
    : apiError(403, 'Insufficient client scope');
}

async function contains(state: FakeState, { user }: Caller, uris: readonly string[]): Promise<Response> {
  const items = await state.libraryOf(user).all();
  return json(uris.map((uri) => items.has(uri)));
}

async function change(
  state: FakeState,
  { user }: Caller,
  verb: Verb,
  uris: readonly string[],
): Promise<Response> {
  const kept = state.libraryOf(user);
  const items = await kept.all();
  const at = state.now().toISOString();
  for (const uri of uris) {
    if (state.settings.ignoresArtistUris && uri.startsWith('spotify:artist:')) continue;
    if (verb === 'remove') await kept.remove(uri);
    else if (!items.has(uri)) await kept.put(uri, { at });
  }
  return empty();
}

/** The calls that development mode lost: route → URI type, and how many ids one call takes. */
const legacy: Record<string, { type: string; max: number }> = {
  '/me/albums': { type: 'album', max: 20 },
  '/me/tracks': { type: 'track', max: 50 },
  '/me/following': { type: 'artist', max: 50 },
};

/** Extended mode only; in development mode every one of them answers 403, not 404. */
export async function legacyLibrary(
  state: FakeState,
  caller: Caller,
  method: string,
  path: string,
  query: URLSearchParams,
): Promise<Response> {
  const isCheck = path.endsWith('/contains');
  const route = legacy[isCheck ? path.slice(0, -'/contains'.length) : path];
  const verb =
    isCheck && method === 'GET'
      ? 'check'
      : method === 'PUT'
        ? 'add'
        : method === 'DELETE'
          ? 'remove'
          : undefined;
  if (route === undefined || verb === undefined || (isCheck && verb !== 'check'))
    return apiError(404, 'Service not found');
  if (state.settings.mode === 'development') return apiError(403, 'Forbidden');
  if (route.type === 'artist' && query.get('type') !== 'artist') return apiError(400, 'Invalid type');
  const ids = (query.get('ids') ?? '').split(',');
  if (ids.length > route.max) return apiError(400, 'Too many ids requested');
  if (ids.some((id) => !idForm.test(id))) return apiError(400, 'Invalid base62 id');
  const needed = scopesByType[route.type]?.[verb === 'check' ? 1 : 0];
  if (needed !== undefined && !caller.scopes.includes(needed))
    return apiError(403, 'Insufficient client scope');
  const uris = ids.map((id) => `spotify:${route.type}:${id}`);
  if (verb === 'check') return contains(state, caller, uris);
  const kept = state.libraryOf(caller.user);
  const at = state.now().toISOString();
  for (const uri of uris) {
    if (verb === 'remove') await kept.remove(uri);
    else if (!(await kept.all()).has(uri)) await kept.put(uri, { at });
  }
  // Following answers without content, saving with an empty 200.
  return empty(route.type === 'artist' ? 204 : 200);
}
