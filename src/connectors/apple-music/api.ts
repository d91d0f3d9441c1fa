import { z } from 'zod';
import type { Http } from '#lib/http.ts';
import type { Access } from '../connector.ts';
import { createApi, type Api } from '../kit/calls.ts';
import { createDeveloperTokens, type DeveloperTokens } from './developer-token.ts';
import type { AppleMusicSettings } from './connector.ts';
import { isUserTokenRefused, toAppleMusicError } from './errors.ts';

/** The catalogue's own words for kinds. */
export const types = { album: 'albums', track: 'songs', playlist: 'playlists' } as const;

/** Calls in nobody's name carry the developer token alone. */
export const nobody: Access = { token: async () => '', renew: async () => '' };

const equivalents = z.object({ data: z.array(z.object({ id: z.string() })) });

export interface AppleMusicApi {
  api: Api;
  developerTokens: DeveloperTokens;
}

export function createAppleMusicApi(options: {
  http: Http;
  baseUrl: string | undefined;
  settings: AppleMusicSettings;
  now: () => Date;
}): AppleMusicApi {
  const { http, baseUrl, settings, now } = options;
  const developerTokens = createDeveloperTokens(settings, now);
  let last = '';
  const api = createApi({
    http,
    label: 'Apple Music',
    baseUrl: baseUrl ?? 'https://api.music.apple.com',
    async headers(userToken) {
      last = await developerTokens.current();
      const own = { authorization: `Bearer ${last}`, accept: 'application/json' };
      return userToken === '' ? own : { ...own, 'music-user-token': userToken };
    },
    isTokenRefused: isUserTokenRefused,
    toError(response, what, secrets) {
      if (response.status === 401) developerTokens.forget();
      return toAppleMusicError(response, what, [...secrets, last]);
    },
  });
  return { api, developerTokens };
}

/** The id of the same work in another country's catalogue; null: it is not sold there. */
export async function findEquivalent(
  api: Api,
  access: Access,
  { type, id, storefront }: { type: string; id: string; storefront: string },
  signal?: AbortSignal,
): Promise<string | null> {
  const query = new URLSearchParams({ 'filter[equivalents]': id });
  const path = `/v1/catalog/${storefront}/${type}?${query.toString()}`;
  const { data } = await api.read(access, { method: 'GET', path, what: 'country', signal }, equivalents);
  return data[0]?.id ?? null;
}
