import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { Http } from '#lib/http.ts';
import type {
  Access,
  CallOptions,
  ClientOptions,
  SaveResult,
  ServiceItem,
  StreamingAction,
  StreamingClient,
} from '../connector.ts';
import { parseJson, redact, unreadable } from '../kit/answers.ts';
import { callRate } from '../kit/call-rate.ts';
import { createApi, type Api } from '../kit/calls.ts';
import { createCodeFlow, type CodeFlow } from '../kit/code-flow.ts';
import { tidalSettings, type TidalSettings } from './connector.ts';
import { toTidalError, usualWaitMs } from './errors.ts';
import { isTidalId } from './links.ts';

export const mediaType = 'application/vnd.api+json';

/** A collection takes at most fifty items a call. */
const maxItemsPerSave = 50;

/** Who signed in is read once: `user.read`. Only what is written is asked besides. */
const scopes = ['user.read', 'collection.write'];
const scopesByAction: Record<StreamingAction, readonly string[]> = {
  'save-album': scopes,
  'save-track': scopes,
  'save-playlist': scopes,
  'follow-artist': scopes,
};

/** The fan's collections, one a kind. `userCollections/{id}/relationships/*` of older texts is deprecated. */
const collections = {
  album: ['userCollectionAlbums', 'albums'],
  track: ['userCollectionTracks', 'tracks'],
  playlist: ['userCollectionPlaylists', 'playlists'],
  // Following needs a scope that no app of others gets; the collection is what following means here.
  artist: ['userCollectionArtists', 'artists'],
} as const;

const added = z.object({
  meta: z
    .object({ skipped: z.array(z.object({ id: z.string(), reason: z.string() })).optional() })
    .optional(),
});
const userBody = z.object({
  data: z.object({
    id: z.string().min(1),
    attributes: z.object({ username: z.string().nullish() }).optional(),
  }),
});

/**
 * TIDAL API v2 as of 1.10.104 (August 2026). With `baseUrl` all three hosts are replaced by it:
 * `/authorize`, `/v1/oauth2/token`, `/v2/…`. Everything may be repeated.
 */
export function createTidalClient({ baseUrl, settings: given, http, now }: ClientOptions): StreamingClient {
  const settings = tidalSettings.parse(given);
  const api = createTidalApi(http, baseUrl);
  const { oauth, signIn } = createTidalFlow({ http, settings, now, baseUrl });

  return {
    oauth: { ...oauth, identify: (access) => identify(api, access) },
    signIn,
    maxItemsPerSave,
    rate: callRate(settings.callsPerSecond),
    namedTesters: null,
    save: (access, items, options) => add(api, access, items, 'save', options),
    unsave: (access, items, options) => remove(api, access, items, 'remove', options),
    follow: (access, id, options) => add(api, access, [{ kind: 'artist', id }], 'follow', options),
    unfollow: (access, id, options) => remove(api, access, [{ kind: 'artist', id }], 'unfollow', options),
    async probe(access) {
      await api.read(access, { method: 'GET', path: '/users/me', what: 'check' }, userBody);
    },
  };
}

export function createTidalApi(http: Http, baseUrl: string | undefined): Api {
  return createApi({
    http,
    label: 'TIDAL',
    baseUrl: `${baseUrl ?? 'https://openapi.tidal.com'}/v2`,
    headers: (token) => ({ authorization: `Bearer ${token}`, accept: mediaType }),
    contentType: mediaType,
    toError: toTidalError,
  });
}

export function createTidalFlow(input: {
  http: Http;
  settings: TidalSettings;
  now: () => Date;
  baseUrl: string | undefined;
}): CodeFlow {
  const { http, settings, now, baseUrl } = input;
  return createCodeFlow({
    http,
    label: 'TIDAL',
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    now,
    authorizeUrl: `${baseUrl ?? 'https://login.tidal.com'}/authorize`,
    tokenUrl: `${baseUrl ?? 'https://auth.tidal.com'}/v1/oauth2/token`,
    scopesByAction,
    diesAt: () => null,
    usualWaitMs,
  });
}

async function identify(api: Api, access: Access) {
  const call = { method: 'GET', path: '/users/me', what: 'sign-in' } as const;
  const { data } = await api.read(access, call, userBody);
  return { accountId: data.id, displayName: data.attributes?.username ?? null };
}

/** One call a kind. What was there already is named in `meta.skipped`, and so is what TIDAL has not. */
async function add(
  api: Api,
  access: Access,
  items: readonly ServiceItem[],
  what: string,
  { key, signal }: CallOptions,
): Promise<SaveResult> {
  let isNew = false;
  for (const { path, data } of byKind(items)) {
    // The same effect finds its own answer again for an hour; each collection counts keys for itself.
    const headers = { 'idempotency-key': createHash('sha256').update(`${path}\n${key}`).digest('hex') };
    const response = await api.call(access, { method: 'POST', path, what, body: { data }, headers, signal });
    const parsed = added.safeParse(response.text === '' ? {} : parseJson(response.text));
    if (!parsed.success) throw unreadable('TIDAL', what, response.status);
    const skipped = parsed.data.meta?.skipped ?? [];
    const refused = skipped.find(({ reason }) => reason !== 'ALREADY_PRESENT');
    if (refused !== undefined) {
      throw new GiveUp(`TIDAL: ${what}: it was left out (${redact(refused.reason, [])})`);
    }
    if (skipped.length < data.length) isNew = true;
  }
  return { result: isNew ? 'verified' : 'already' };
}

async function remove(
  api: Api,
  access: Access,
  items: readonly ServiceItem[],
  what: string,
  { signal }: CallOptions,
): Promise<void> {
  for (const { path, data } of byKind(items)) {
    // A key of its own each time: a second undo within the hour must not be answered from the first.
    const headers = { 'idempotency-key': randomUUID() };
    await api.call(access, { method: 'DELETE', path, what, body: { data }, headers, signal });
  }
}

function byKind(items: readonly ServiceItem[]) {
  if (items.length === 0 || items.length > maxItemsPerSave)
    throw new RangeError(`1 to ${maxItemsPerSave} items a call, not ${items.length}`);
  return (['album', 'track', 'playlist', 'artist'] as const).flatMap((kind) => {
    const [collection, type] = collections[kind];
    const data = items
      .filter((item) => item.kind === kind)
      .map(({ id }) => ({ type, id: checkedId(kind, id) }));
    return data.length === 0 ? [] : [{ path: `/${collection}/me/relationships/items`, data }];
  });
}

function checkedId(kind: string, id: string): string {
  if (!isTidalId(kind, id)) throw new GiveUp('TIDAL: this is not a TIDAL id');
  return id;
}
