import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GiveUp, NeedsReconnect } from '#lib/errors.ts';
import { LruCache } from '#lib/lru-cache.ts';
import type { Access, ClientOptions, ScriptSignIn, ServiceItem, StreamingClient } from '../connector.ts';
import { callRate } from '../kit/call-rate.ts';
import type { Api } from '../kit/calls.ts';
import { sixMonthsAfter } from '../kit/code-flow.ts';
import { createAppleMusicApi, findEquivalent, types, type AppleMusicApi } from './api.ts';
import { appleMusicSettings, type AppleMusicSettings } from './connector.ts';
import { isAppleMusicId } from './links.ts';
import { musicKitOrigins, musicKitUrl, takeTokenScript } from './script.ts';

const storefrontBody = z.object({ data: z.array(z.object({ id: z.string().regex(/^[a-z]{2}$/) })).min(1) });
const inLibrary = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      relationships: z
        .object({ library: z.object({ data: z.array(z.unknown()) }) })
        .optional()
        .catch(undefined),
    }),
  ),
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Apple Music API as of November 2026. A save is answered 202 before anything was done, and what cannot
 * be added is passed over in silence: `accepted`, until the library shows it (R62). There is no
 * follow, no way to take back, and no renewing of a fan's token.
 */
export function createAppleMusicClient(options: ClientOptions): StreamingClient {
  const { baseUrl, http, now } = options;
  const settings = appleMusicSettings.parse(options.settings);
  const apple = createAppleMusicApi({ http, baseUrl, settings, now });
  const { api } = apple;
  const readStorefront = (access: Access, what: string) => storefrontOf(api, access, what);
  const country = rememberStorefronts((access) => readStorefront(access, 'country'), now);
  const noFollow = () => Promise.reject(new GiveUp('Apple Music lets no app follow an artist'));

  /** The fan's country has ids of its own. */
  async function localIds(access: Access, items: readonly ServiceItem[], signal?: AbortSignal) {
    const checked = items.map((item) => ({ kind: kindOf(item), id: item.id }));
    const storefront = await country(access);
    const ids = checked.map(async ({ kind, id }) => {
      if (storefront === settings.storefront || kind === 'playlist') return { kind, id };
      const local = await findEquivalent(api, access, { type: types[kind], id, storefront }, signal);
      if (local !== null) return { kind, id: local };
      throw new GiveUp(`Apple Music: the release is not sold in the fan's country (${storefront})`);
    });
    return { storefront, items: await Promise.all(ids) };
  }

  return {
    oauth: {
      scopesFor: () => [],
      refresh: () => Promise.reject(new NeedsReconnect('Apple Music: the link has to be made anew')),
      async identify(access) {
        // Apple tells nobody who it was.
        await readStorefront(access, 'sign-in');
        return { accountId: null, displayName: null };
      },
      diesAt: sixMonthsAfter,
    },
    signIn: createSignIn(apple, settings, baseUrl, now),
    maxItemsPerSave: 25,
    rate: callRate(settings.callsPerSecond),
    namedTesters: null,
    async save(access, items, { signal }) {
      const query = new URLSearchParams();
      for (const { kind, id } of (await localIds(access, items, signal)).items) {
        const name = `ids[${types[kind]}]`;
        const before = query.get(name);
        query.set(name, before === null ? id : `${before},${id}`);
      }
      const path = `/v1/me/library?${query.toString()}`;
      await api.call(access, { method: 'POST', path, what: 'save', signal });
      return { result: 'accepted' };
    },
    readBack: {
      // Most are there within a minute or two; what is not there in a day was passed over.
      afterMs: [2 * minuteMs, 15 * minuteMs, 2 * hourMs, 24 * hourMs],
      async isThere(access, items) {
        const local = await localIds(access, items);
        const found = await Promise.all(
          local.items.map(async ({ kind, id }) => {
            const query = new URLSearchParams({ ids: id, relate: 'library' });
            const path = `/v1/catalog/${local.storefront}/${types[kind]}?${query.toString()}`;
            const { data } = await api.read(access, { method: 'GET', path, what: 'read back' }, inLibrary);
            return (data[0]?.relationships?.library.data.length ?? 0) > 0;
          }),
        );
        return found.every(Boolean);
      },
    },
    follow: noFollow,
    unfollow: noFollow,
    async probe(access) {
      await readStorefront(access, 'check');
    },
  };
}

function createSignIn(
  { api, developerTokens }: AppleMusicApi,
  settings: AppleMusicSettings,
  baseUrl: string | undefined,
  now: () => Date,
): ScriptSignIn {
  return {
    kind: 'script',
    script: takeTokenScript,
    async prepare({ origin }) {
      return {
        config: {
          src: baseUrl === undefined ? musicKitUrl : `${baseUrl}/musickit.js`,
          developerToken: await developerTokens.forPage(origin),
          appName: settings.appName,
        },
        origins: baseUrl === undefined ? musicKitOrigins : [new URL(baseUrl).origin],
      };
    },
    async accept(token) {
      const refused = new GiveUp('Apple Music: sign-in: the token that came back is none');
      // It goes into a header.
      if (!/^[\x21-\x7e]{8,4096}$/.test(token)) throw refused;
      const access = { token: async () => token, renew: () => Promise.reject(refused) };
      await storefrontOf(api, access, 'sign-in');
      return { accessToken: token, refreshToken: null, expiresAt: sixMonthsAfter(now()), scopes: [] };
    },
  };
}

/** The cheapest call in a fan's name: which country's catalogue she has. */
async function storefrontOf(api: Api, access: Access, what: string): Promise<string> {
  const call = { method: 'GET', path: '/v1/me/storefront', what } as const;
  const { data } = await api.read(access, call, storefrontBody);
  // `min(1)` has been checked.
  return data[0]?.id ?? '';
}

/** Of the fans seen lately, for an hour: people move seldom, and a refusal is never kept. */
function rememberStorefronts(read: (access: Access) => Promise<string>, now: () => Date) {
  const known = new LruCache<string, { storefront: Promise<string>; untilMs: number }>(5_000);
  return async (access: Access): Promise<string> => {
    const key = createHash('sha256')
      .update(await access.token())
      .digest('base64url');
    const nowMs = now().getTime();
    const make = () => ({ storefront: read(access), untilMs: nowMs + hourMs });
    let entry = known.getOrMake(key, make);
    if (entry.untilMs <= nowMs) {
      known.delete(key);
      entry = known.getOrMake(key, make);
    }
    try {
      return await entry.storefront;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  };
}

function kindOf({ kind, id }: ServiceItem): keyof typeof types {
  if (kind === 'artist' || !isAppleMusicId(kind, id))
    throw new GiveUp('Apple Music: this is not an id of Apple');
  return kind;
}
