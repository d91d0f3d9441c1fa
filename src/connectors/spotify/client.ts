import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type {
  Access,
  CallOptions,
  ClientOptions,
  LaneRate,
  SaveResult,
  ServiceItem,
  StreamingClient,
} from '../connector.ts';
import { createApi } from '../kit/calls.ts';
import type { Api } from '../kit/calls.ts';
import { spotifySettings } from './connector.ts';
import type { SpotifySettings } from './connector.ts';
import { refusals, toApiError } from './errors.ts';
import { toUri } from './links.ts';
import { createOauth } from './oauth.ts';

/** `PUT /me/library` takes at most forty URIs. */
const maxItemsPerSave = 40;

/** Spotify names no number; these stay below what apps of either mode report as refused. */
const defaultCallsPer30Seconds = { development: 60, extended: 600 } as const;

const profileBody = z.object({
  account_id: z.string().min(1).optional(),
  display_name: z.string().nullish(),
});
const containsBody = z.array(z.boolean());

/**
 * Spotify Web API as of November 2026. With `baseUrl` the accounts host and the API host are both
 * replaced by it: `/authorize`, `/api/token`, `/v1/…`. Throws a `ZodError` on settings that do not
 * fit. Everything it does may be repeated; a failure of any call leaves nothing half done that a
 * repeat would not mend.
 */
export function createSpotifyClient({ baseUrl, settings: given, http, now }: ClientOptions): StreamingClient {
  const settings = spotifySettings.parse(given);
  const api = createSpotifyApi(http, baseUrl);
  const accountsUrl = baseUrl ?? 'https://accounts.spotify.com';
  const { oauth, signIn } = createOauth({ http, settings, now, accountsUrl });

  return {
    oauth: { ...oauth, identify: (access) => identify(api, access) },
    signIn,
    maxItemsPerSave,
    rate: rateOf(settings),
    // Quota is counted over all apps of their owner (July 2026).
    ...(settings.ownerAccount === undefined ? {} : { sharedAllowance: settings.ownerAccount.toLowerCase() }),
    namedTesters: settings.mode === 'development' ? settings.namedTesters : null,

    async save(access, items, { signal }) {
      await changeLibrary(api, access, 'PUT', items, settings.mode, signal);
      // The empty 200 is the promise: "items saved". Reading back would cost quota and a scope.
      return { result: 'verified' };
    },
    unsave: (access, items, { signal }) => changeLibrary(api, access, 'DELETE', items, settings.mode, signal),
    async follow(access, artistId, options) {
      await changeFollow(api, access, 'PUT', artistId, options);
      return isFollowing(api, access, artistId, options);
    },
    unfollow: (access, artistId, options) => changeFollow(api, access, 'DELETE', artistId, options),
    async probe(access) {
      await api.read(access, { method: 'GET', path: '/v1/me', what: 'check' }, profileBody);
    },
  };
}

export function createSpotifyApi(http: ClientOptions['http'], baseUrl: string | undefined): Api {
  return createApi({
    http,
    label: 'Spotify',
    baseUrl: baseUrl ?? 'https://api.spotify.com',
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    toError: toApiError,
  });
}

async function identify(
  api: Api,
  access: Access,
): Promise<{ accountId: string; displayName: string | null }> {
  const profile = await api.read(access, { method: 'GET', path: '/v1/me', what: 'sign-in' }, profileBody);
  // `id` can change hands; linking by it could give one fan's library to another.
  if (profile.account_id === undefined) throw new GiveUp('Spotify: sign-in: the profile has no account id');
  return { accountId: profile.account_id, displayName: profile.display_name ?? null };
}

/**
 * The reference of `/me/library` leaves artists out, the migration guide counts them in. So: try
 * it; where Spotify does not know the URI (400), use the older call, which development-mode apps
 * may be refused (403, final).
 */
async function changeFollow(
  api: Api,
  access: Access,
  method: 'PUT' | 'DELETE',
  artistId: string,
  { signal }: CallOptions,
): Promise<void> {
  const what = method === 'PUT' ? 'follow' : 'unfollow';
  const path = `/v1/me/library?uris=${toUri({ kind: 'artist', id: checkedId(artistId) })}`;
  const response = await api.call(access, { method, path, what, signal }, [400]);
  if (response.status !== 400) return;
  await api.call(access, { method, path: `/v1/me/following?type=artist&ids=${artistId}`, what, signal });
}

/** A 200 to a call that may ignore artists proves nothing: read back; unseen is `accepted`. */
async function isFollowing(
  api: Api,
  access: Access,
  artistId: string,
  { signal }: CallOptions,
): Promise<SaveResult> {
  const path = `/v1/me/library/contains?uris=${toUri({ kind: 'artist', id: artistId })}`;
  try {
    const [isThere] = await api.read(access, { method: 'GET', path, what: 'follow', signal }, containsBody);
    return { result: isThere === true ? 'verified' : 'accepted' };
  } catch (error) {
    // An authorisation from before the reading scope was asked: the follow itself was taken.
    if (error instanceof GiveUp && error.reason === refusals.scope) return { result: 'accepted' };
    throw error;
  }
}

/** The calls from before `/me/library`, for an app in extended mode that has only those: route and ids a call. */
const olderCalls = { album: ['albums', 20], track: ['tracks', 50] } as const;

async function changeLibrary(
  api: Api,
  access: Access,
  method: 'PUT' | 'DELETE',
  items: readonly ServiceItem[],
  mode: SpotifySettings['mode'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const what = method === 'PUT' ? 'save' : 'remove';
  const hand = mode === 'extended' ? [404] : [];
  const response = await api.call(access, { method, path: libraryPath(items), what, signal }, hand);
  if (response.status !== 404) return;
  for (const path of olderPaths(items)) await api.call(access, { method, path, what, signal });
}

function olderPaths(items: readonly ServiceItem[]): string[] {
  return items.flatMap((item, at) => {
    if (item.kind === 'playlist') return [`/v1/playlists/${item.id}/followers`];
    if (item.kind === 'artist') throw new GiveUp('Spotify: an artist is followed, not saved');
    const [route, most] = olderCalls[item.kind];
    const alike = items.filter(({ kind }) => kind === item.kind);
    const place = alike.indexOf(item);
    if (place % most !== 0 || items.indexOf(item) !== at) return [];
    return [
      `/v1/me/${route}?ids=${alike
        .slice(place, place + most)
        .map(({ id }) => id)
        .join(',')}`,
    ];
  });
}

function libraryPath(items: readonly ServiceItem[]): string {
  if (items.length === 0 || items.length > maxItemsPerSave) {
    throw new RangeError(`1 to ${maxItemsPerSave} items a call, not ${items.length}`);
  }
  return `/v1/me/library?uris=${items.map((item) => toUri({ ...item, id: checkedId(item.id) })).join(',')}`;
}

/** Ids are typed in by people: anything else must not reach the query string. */
function checkedId(id: string): string {
  if (!/^[0-9A-Za-z]{1,40}$/.test(id)) throw new GiveUp('Spotify: this is not a Spotify id');
  return id;
}

function rateOf({ mode, callsPer30Seconds }: SpotifySettings): LaneRate {
  const count = callsPer30Seconds ?? defaultCallsPer30Seconds[mode];
  return { count, periodMs: 30_000, burst: Math.max(1, Math.floor(count / 3)) };
}
