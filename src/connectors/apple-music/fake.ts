import type { FakeOptions, StreamingFake } from '../connector.ts';
import { html, json } from '../kit/fake/answers.ts';
import { createCatalogue } from '../kit/fake/catalogue.ts';
import { createLibraries } from '../kit/fake/libraries.ts';
import { createPeople, demoUsers, userIdForm } from '../kit/fake/people.ts';
import { createRateWindow } from '../kit/fake/rate-window.ts';
import { createShell } from '../kit/fake/shell.ts';
import { accepted, notFound, refusal } from './fake/answers.ts';
import { readCatalogue } from './fake/catalogue.ts';
import { isDeveloperToken, team } from './fake/developer.ts';
import { authorizePage, musicKitScript } from './fake/music-kit.ts';
import { usIdOf } from './fake/storefronts.ts';
import { createUserTokens } from './fake/user-tokens.ts';
import { isAppleMusicId } from './links.ts';

export interface AppleMusicFakeSettings {
  /** Calls in 10 seconds before 429; null: no limit. */
  callsPer10Seconds: number | null;
  /** How long the API does not show what was added. */
  appearsAfterMs: number;
  /** Whether ids outside its catalogue can be added. */
  takesUnknown: boolean;
  /** Country of a user; `us` where none is named. */
  storefronts: Readonly<Record<string, string>>;
  /** Users without a subscription, or with Sync Library off. */
  withoutLibrary: readonly string[];
}

export interface AppleMusicFake extends StreamingFake {
  configure(changes: Partial<AppleMusicFakeSettings>): void;
}

const kinds: Record<string, 'album' | 'track' | 'playlist'> = {
  albums: 'album',
  songs: 'track',
  playlists: 'playlist',
};

/** Apple's API, its script and the window of its sign-in under one address. */
export function createAppleMusicFake({ store, now }: FakeOptions): AppleMusicFake {
  const settings: AppleMusicFakeSettings = {
    callsPer10Seconds: null,
    appearsAfterMs: 60_000,
    takesUnknown: true,
    storefronts: {},
    withoutLibrary: [],
  };
  const people = createPeople(store);
  const catalogue = createCatalogue(store, now);
  const libraries = createLibraries(store);
  const tokens = createUserTokens(store, now, people);
  const overRate = createRateWindow(now, 10_000);

  async function api(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    if (overRate(settings.callsPer10Seconds) !== null) return tooMany();
    const [scheme, developer = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const origin = request.headers.get('origin');
    if (scheme !== 'Bearer' || !(await isDeveloperToken(developer, now(), origin)))
      return refusal(401, '40100', 'Unauthorized');
    const given = request.headers.get('music-user-token');
    const user = given === null ? undefined : await tokens.read(given);
    if (given !== null && user === undefined)
      return refusal(403, '40300', 'Forbidden', 'Invalid authentication');
    const isInLibrary = user === undefined ? null : (type: string, id: string) => isShown(user, type, id);
    const read =
      request.method === 'GET' ? await readCatalogue(catalogue, path, query, isInLibrary) : undefined;
    if (read !== undefined) return read;
    if (!path.startsWith('/me/')) return notFound();
    if (user === undefined) return refusal(403, '40300', 'Forbidden', 'A user token is required');
    if (path === '/me/storefront' && request.method === 'GET')
      return json({ data: [{ id: storefrontOf(user), type: 'storefronts' }] });
    if (path === '/me/library' && request.method === 'POST') return add(user, query);
    return notFound();
  }

  function storefrontOf(user: string): string {
    return settings.storefronts[user] ?? 'us';
  }

  async function add(user: string, query: URLSearchParams): Promise<Response> {
    if (settings.withoutLibrary.includes(user)) return refusal(400, '40015', 'Insufficient Privileges');
    const asked = [...query].map(([name, ids]) => ({ type: /^ids\[(\w+)\]$/.exec(name)?.[1] ?? '', ids }));
    if (asked.length === 0 || asked.some(({ type }) => kinds[type] === undefined))
      return refusal(400, '40005', 'Invalid Parameter Value', 'ids[…] names what is to be added');
    for (const { type, ids } of asked) {
      for (const id of ids.split(',')) {
        const usId = usIdOf(storefrontOf(user), id);
        // What cannot be added is passed over in silence.
        if (usId !== undefined && (await canBeAdded(type, usId, storefrontOf(user))))
          await libraries.add(user, nameOf(type, usId), now());
      }
    }
    return accepted();
  }

  async function canBeAdded(type: string, usId: string, storefront: string): Promise<boolean> {
    const kind = kinds[type] ?? 'album';
    if (!isAppleMusicId(kind, usId)) return false;
    const track = kind === 'track' ? await catalogue.findTrack(usId) : undefined;
    const work = kind === 'track' ? track?.on : await catalogue.find(kind, usId);
    if (work === undefined) return settings.takesUnknown && !(await catalogue.has(usId));
    return work.markets?.includes(storefront.toUpperCase()) ?? true;
  }

  async function isShown(user: string, type: string, usId: string): Promise<boolean> {
    const entry = (await libraries.of(user).all()).get(nameOf(type, usId));
    return entry !== undefined && Date.parse(entry.at) + settings.appearsAfterMs <= now().getTime();
  }

  async function authorize(query: URLSearchParams): Promise<Response> {
    const origin = query.get('origin') ?? '';
    if (!URL.canParse(origin) || !(await isDeveloperToken(query.get('token') ?? '', now(), origin)))
      return html('<!doctype html><title>Error</title><p>This page may not ask.</p>', 400);
    const user = query.get('user');
    const asked = { user: user !== null && userIdForm.test(user) ? user : null, origin };
    return authorizePage(query, { ...asked, decision: query.get('decision') }, async (who) => {
      return (await tokens.issue(who, now())).accessToken;
    });
  }

  const shell = createShell({
    now,
    showsQuery: (path) => path.startsWith('/v1/'),
    trouble: { rateLimited: tooMany, error: () => refusal(500, '50000', 'Internal Service Error') },
    async answer(request, path, query) {
      if (path === '/musickit.js') return musicKitScript();
      if (path === '/authorize' && request.method === 'GET') return authorize(query);
      if (path.startsWith('/v1/')) return api(request, path.slice('/v1'.length), query);
      return html('<!doctype html><title>Not found</title>', 404);
    },
  });

  return {
    ...shell,
    configure: (changes) => void Object.assign(settings, changes),
    connectionSettings: () => ({ ...team, appName: 'Sandbox', storefront: 'us' }),
    users: () => demoUsers,
    samples: () => ({
      album: '1577502911',
      track: '1577502922',
      playlist: 'pl.u-8aAVZAriXdKqz5',
      artist: '1443457392',
    }),
    refusedToken: {
      status: 403,
      body: '{"errors":[{"title":"Forbidden","detail":"Invalid authentication","status":"403","code":"40300"}]}',
    },
    library: (user) => libraries.show(user, () => false),
    issueGrant: (user, _scopes, authorisedAt) => tokens.issue(user, authorisedAt),
    revokeGrant: (token) => tokens.revoke(token),
    removeApp: (user) => tokens.revokeAllOf(user),
    addWork: (work) => catalogue.add(work),
  };
}

function nameOf(type: string, usId: string): string {
  return `apple-music:${type}:${usId}`;
}

function tooMany(): Response {
  return refusal(429, '42900', 'Too Many Requests');
}
