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
import { callRate } from '../kit/call-rate.ts';
import { createApi, type Api } from '../kit/calls.ts';
import { createCodeFlow, type CodeFlow } from '../kit/code-flow.ts';
import { sendRevocation } from '../kit/revoke.ts';
import { soundcloudSettings, type SoundcloudSettings } from './connector.ts';
import { isNotThere, toSoundcloudError, usualWaitMs } from './errors.ts';
import { isSoundcloudId } from './links.ts';

/** One like a call. */
const maxItemsPerSave = 1;

/** There are none: whoever signs in allows all that an app can do. */
const scopesByAction: Record<StreamingAction, readonly string[]> = {
  'save-album': [],
  'save-track': [],
  'save-playlist': [],
  'follow-artist': [],
};

const meBody = z.object({ urn: z.string().min(1), username: z.string().nullish() });

/**
 * SoundCloud's public API as of July 2026. Its library is what a fan likes, albums being playlists. With
 * `baseUrl` both hosts are replaced by it. A refresh token is good for one use: the host refreshes
 * once over all processes and stores what comes back in the same commit.
 */
export function createSoundcloudClient(options: ClientOptions): StreamingClient {
  const { baseUrl, http, now } = options;
  const settings = soundcloudSettings.parse(options.settings);
  const api = createSoundcloudApi(http, baseUrl);
  const { oauth, signIn } = createSoundcloudFlow({ http, settings, now, baseUrl }, 'form');

  return {
    oauth: {
      ...oauth,
      async identify(access) {
        const me = await readMe(api, access, 'sign-in');
        return { accountId: me.urn, displayName: me.username ?? null };
      },
      async revoke(tokens) {
        // Only a token that still lives can be signed out; without a refresh there is none to end either.
        const isOver = tokens.expiresAt <= now();
        const { accessToken } = isOver ? await oauth.refresh(tokens) : tokens;
        const url = `${baseUrl ?? 'https://secure.soundcloud.com'}/sign-out`;
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ access_token: accessToken });
        await sendRevocation(http, 'SoundCloud', { method: 'POST', url, headers, body }, usualWaitMs);
      },
    },
    signIn,
    maxItemsPerSave,
    rate: callRate(settings.callsPerSecond),
    namedTesters: null,
    save: (access, items, call) => each(items, (item) => like(api, access, item, call)),
    async unsave(access, items, call) {
      for (const item of items) await takeBack(api, access, likePath(item), 'unlike', call);
    },
    async follow(access, artistId, { signal }) {
      await api.call(access, { method: 'PUT', path: followPath(artistId), what: 'follow', signal });
      return { result: 'verified' };
    },
    unfollow: (access, artistId, call) => takeBack(api, access, followPath(artistId), 'unfollow', call),
    async probe(access) {
      await readMe(api, access, 'check');
    },
  };
}

export function createSoundcloudApi(http: Http, baseUrl: string | undefined): Api {
  return createApi({
    http,
    label: 'SoundCloud',
    baseUrl: baseUrl ?? 'https://api.soundcloud.com',
    // Its own scheme, not Bearer.
    headers: (token) => ({
      authorization: `OAuth ${token}`,
      accept: 'application/json; charset=utf-8',
    }),
    toError: toSoundcloudError,
  });
}

/** `form`: sign-in and refresh of fans. `header`: the app's own token, of which there are fifty in twelve hours. */
export function createSoundcloudFlow(
  input: { http: Http; settings: SoundcloudSettings; now: () => Date; baseUrl: string | undefined },
  secretIn: 'form' | 'header',
): CodeFlow {
  const { http, settings, now, baseUrl } = input;
  const host = baseUrl ?? 'https://secure.soundcloud.com';
  return createCodeFlow({
    http,
    label: 'SoundCloud',
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    secretIn,
    now,
    authorizeUrl: `${host}/authorize`,
    tokenUrl: `${host}/oauth/token`,
    scopesByAction,
    diesAt: () => null,
    usualWaitMs,
  });
}

function readMe(api: Api, access: Access, what: string) {
  return api.read(access, { method: 'GET', path: '/me', what }, meBody);
}

async function each(
  items: readonly ServiceItem[],
  save: (item: ServiceItem) => Promise<void>,
): Promise<SaveResult> {
  for (const item of items) await save(item);
  // The answer to a like is the same whether or not it is the first.
  return { result: 'verified' };
}

async function like(api: Api, access: Access, item: ServiceItem, { signal }: CallOptions): Promise<void> {
  await api.call(access, { method: 'POST', path: likePath(item), what: 'like', signal });
}

/** What is not there any more, or never was, is taken back already. */
async function takeBack(api: Api, access: Access, path: string, what: string, { signal }: CallOptions) {
  const response = await api.call(access, { method: 'DELETE', path, what, signal }, [404]);
  if (response.status === 404 && !isNotThere(response))
    throw toSoundcloudError(response, what, [await access.token()]);
}

function likePath({ kind, id }: ServiceItem): string {
  return `/likes/${kind === 'track' ? 'tracks' : 'playlists'}/${checkedId(kind, id)}`;
}

function followPath(id: string): string {
  return `/me/followings/${checkedId('artist', id)}`;
}

function checkedId(kind: string, id: string): string {
  if (!isSoundcloudId(kind, id)) throw new GiveUp('SoundCloud: this is not a SoundCloud id');
  return id;
}
