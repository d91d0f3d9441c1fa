import type { FakeOptions, StreamingFake } from '../connector.ts';
import { html, json } from '../kit/fake/answers.ts';
import { createCatalogue } from '../kit/fake/catalogue.ts';
import { createLibraries } from '../kit/fake/libraries.ts';
import { createPeople, demoUsers } from '../kit/fake/people.ts';
import { createRateWindow } from '../kit/fake/rate-window.ts';
import { createShell } from '../kit/fake/shell.ts';
import { createSignIn, isSafeRedirect } from '../kit/fake/sign-in.ts';
import { mediaType } from './client.ts';
import { document, problem } from './fake/answers.ts';
import { readCatalogue } from './fake/catalogue.ts';
import { createCollections } from './fake/collections.ts';

export interface TidalFakeSettings {
  /** Calls in 10 seconds before 429; null: no limit. */
  callsPer10Seconds: number | null;
  /** Whether ids outside its catalogue are taken. */
  takesUnknown: boolean;
}

export interface TidalFake extends StreamingFake {
  configure(changes: Partial<TidalFakeSettings>): void;
}

const app = { clientId: 'tidal-sandbox-client', clientSecret: 'tidal-sandbox-secret' };

/** Scopes that apps of others may ask for; `r_usr` and `w_usr` are TIDAL's own. */
const scopes = new Set([
  'collection.read',
  'collection.write',
  'playlists.read',
  'playlists.write',
  'user.read',
  'search.read',
  'search.write',
  'entitlements.read',
  'recommendations.read',
  'playback',
]);

/** TIDAL's sign-in, token and API hosts under one address: `/authorize`, `/v1/oauth2/token`, `/v2/…`. */
export function createTidalFake({ store, now }: FakeOptions): TidalFake {
  const settings: TidalFakeSettings = { callsPer10Seconds: null, takesUnknown: true };
  const people = createPeople(store);
  const catalogue = createCatalogue(store, now);
  const libraries = createLibraries(store);
  const overRate = createRateWindow(now, 10_000);
  const signIn = createSignIn(store, now, people, {
    label: 'TIDAL',
    clientId: () => app.clientId,
    clientSecret: () => app.clientSecret,
    knowsScope: (scope) => scopes.has(scope),
    isRedirectAllowed: isSafeRedirect,
    endsAt: () => null,
    refreshToken: () => 'kept',
    accessLifeSeconds: 86_400,
  });
  const collections = createCollections({
    now,
    libraries,
    catalogue,
    takesUnknown: () => settings.takesUnknown,
  });

  async function api(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    if (overRate(settings.callsPer10Seconds) !== null) return tooMany();
    const [scheme, token = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const caller = scheme === 'Bearer' ? await signIn.read(token) : 'unknown';
    if (caller === 'unknown' || caller === 'expired')
      return problem(401, 'UNAUTHORIZED', 'The access token is missing, invalid or expired');
    const accept = request.headers.get('accept') ?? '*/*';
    if (!accept.includes(mediaType) && !accept.includes('*/*'))
      return problem(406, 'NOT_ACCEPTABLE', `Only ${mediaType} is spoken`);
    const read = request.method === 'GET' ? await readCatalogue(catalogue, path, query) : undefined;
    if (read !== undefined) return read;
    if (caller === 'app') return problem(401, 'UNAUTHORIZED', 'A user token is required');
    const { grant } = caller;
    if (path === '/users/me' && request.method === 'GET') {
      if (!grant.scopes.includes('user.read')) return problem(403, 'FORBIDDEN', 'Required scopes: user.read');
      const username = (await people.find(grant.user))?.displayName ?? grant.user;
      const id = String(Number.parseInt(Buffer.from(grant.user).toString('hex').slice(0, 12), 16));
      return document({ data: { id, type: 'users', attributes: { username, country: 'US' } } });
    }
    const changed = await collections(request, path, grant);
    return changed ?? problem(404, 'NOT_FOUND', 'The requested resource was not found');
  }

  const shell = createShell({
    now,
    showsQuery: (path) => path.startsWith('/v2/'),
    trouble: {
      rateLimited: tooMany,
      error: (path) =>
        path.startsWith('/v2/')
          ? problem(500, 'INTERNAL_SERVER_ERROR', 'An unexpected error was encountered')
          : json({ error: 'server_error', status: 500 }, 500),
    },
    async answer(request, path, query) {
      if (path === '/authorize' && request.method === 'GET') return signIn.authorize(query);
      if (path === '/v1/oauth2/token' && request.method === 'POST') return signIn.token(request);
      if (path.startsWith('/v2/')) return api(request, path.slice('/v2'.length), query);
      return html('<!doctype html><title>Not found</title>', 404);
    },
  });

  return {
    ...shell,
    configure: (changes) => void Object.assign(settings, changes),
    connectionSettings: () => ({ ...app, countryCode: 'US' }),
    users: () => demoUsers,
    samples: () => ({
      album: '77646168',
      track: '77646170',
      playlist: '36ea71a8-445e-41a4-82ab-6628c581535d',
      artist: '4332277',
    }),
    refusedToken: {
      status: 401,
      body: '{"errors":[{"status":"401","code":"UNAUTHORIZED","detail":"The access token is expired"}]}',
    },
    library: (user) => libraries.show(user, (uri) => uri.startsWith('tidal:artist:')),
    issueGrant: (user, asked, authorisedAt) => signIn.issueGrant(user, asked, authorisedAt),
    revokeGrant: (refreshToken) => signIn.revokeGrant(refreshToken),
    removeApp: (user) => signIn.revokeGrantsOf(user),
    addWork: (work) => catalogue.add(work),
  };
}

function tooMany(): Response {
  return problem(429, 'TOO_MANY_REQUESTS', 'Too many requests within the allowed time');
}
