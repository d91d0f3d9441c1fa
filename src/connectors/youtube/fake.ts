import { z } from 'zod';
import type { FakeOptions, StreamingFake } from '../connector.ts';
import { parseJson } from '../kit/answers.ts';
import { empty, html, json, tokenError } from '../kit/fake/answers.ts';
import { createCatalogue, type Catalogue } from '../kit/fake/catalogue.ts';
import { keep } from '../kit/fake/kept.ts';
import { createLibraries } from '../kit/fake/libraries.ts';
import { createPeople, demoUsers } from '../kit/fake/people.ts';
import { createShell } from '../kit/fake/shell.ts';
import { createSignIn, isSafeRedirect } from '../kit/fake/sign-in.ts';
import { isChannelId } from './links.ts';
import { pacificDay } from '../kit/pacific-day.ts';
import { units } from './quota.ts';

export interface YoutubeFake extends StreamingFake {
  configure(changes: { unitsPerDay?: number; missingChannels?: readonly string[] }): void;
  /** What the console shows of today. */
  unitsUsed(): Promise<number>;
}

const app = { clientId: 'google-sandbox-client.apps.example', clientSecret: 'google-sandbox-secret' };
const apiKey = 'google-sandbox-key';
const scope = 'https://www.googleapis.com/auth/youtube';
const wanted = z.object({
  snippet: z.object({ resourceId: z.object({ kind: z.literal('youtube#channel'), channelId: z.string() }) }),
});

/** Google's sign-in and the YouTube Data API under one address, with the units of the day. */
export function createYoutubeFake({ store, now }: FakeOptions): YoutubeFake {
  let unitsPerDay = 10_000;
  let missing: readonly string[] = [];
  const people = createPeople(store);
  const catalogue = createCatalogue(store, now);
  const libraries = createLibraries(store);
  const used = keep<number>(store, 'units');
  const signIn = createSignIn(store, now, people, {
    label: 'Google',
    clientId: () => app.clientId,
    clientSecret: () => app.clientSecret,
    knowsScope: (asked) => asked === scope,
    isRedirectAllowed: isSafeRedirect,
    endsAt: () => null,
    refreshToken: () => 'kept',
    accessLifeSeconds: 3_599,
  });

  /** False: the day has not so many left; nothing is taken then. */
  async function spend(cost: number): Promise<boolean> {
    const day = pacificDay(now());
    const before = (await used.get(day)) ?? 0;
    if (before + cost > unitsPerDay) return false;
    await used.put(day, before + cost);
    return true;
  }

  async function subscriptions(request: Request, query: URLSearchParams, user: string): Promise<Response> {
    const kept = libraries.of(user);
    const uri = (id: string) => `youtube:channel:${id}`;
    if (request.method === 'GET') {
      const id = query.get('forChannelId') ?? '';
      const isThere = (await kept.all()).has(uri(id));
      return json({
        kind: 'youtube#subscriptionListResponse',
        items: isThere ? [{ id: subscription(id) }] : [],
      });
    }
    if (request.method === 'DELETE') {
      const id = (query.get('id') ?? '').replace(/^sub-/, '');
      if (!(await kept.all()).has(uri(id)))
        return refusal(404, 'subscriptionNotFound', 'The subscription was not found.');
      await kept.remove(uri(id));
      return empty(204);
    }
    if (query.get('part') !== 'snippet') return refusal(400, 'missingRequiredParameter', 'part');
    const parsed = wanted.safeParse(parseJson(await request.text()));
    if (!parsed.success) return refusal(400, 'invalidRequest', 'The resource id is required.');
    const { channelId } = parsed.data.snippet.resourceId;
    if (!isChannelId(channelId) || missing.includes(channelId))
      return refusal(404, 'publisherNotFound', 'The channel was not found.');
    if (!(await libraries.add(user, uri(channelId), now())))
      return refusal(400, 'subscriptionDuplicate', 'The subscription exists already.');
    return json({ kind: 'youtube#subscription', id: subscription(channelId) });
  }

  async function api(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    const isChange = path === '/subscriptions' && request.method !== 'GET';
    const bearer = request.headers.get('authorization')?.replace(/^Bearer /, '');
    const caller = bearer === undefined ? 'none' : await signIn.read(bearer);
    if (caller === 'unknown' || caller === 'expired' || caller === 'app')
      return refusal(401, 'authError', 'Invalid Credentials');
    if (caller === 'none' && request.headers.get('x-goog-api-key') !== apiKey)
      return refusal(403, 'forbidden', 'The request is missing a valid API key.');
    if (!(await spend(isChange ? units.change : units.read)))
      return refusal(403, 'quotaExceeded', 'The request cannot be completed: you have exceeded your quota.');
    if (caller === 'none') return (await readPublic(catalogue, path, query)) ?? notFound();
    const { grant } = caller;
    if (!grant.scopes.includes(scope))
      return refusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
    if (path === '/subscriptions') return subscriptions(request, query, grant.user);
    if (path === '/channels' && query.get('mine') === 'true') {
      const title = (await people.find(grant.user))?.displayName ?? grant.user;
      const id = `UC${Buffer.from(grant.user.padEnd(17, '_')).toString('base64url').slice(0, 22)}`;
      return json({ items: [{ id, snippet: { title } }] });
    }
    return notFound();
  }

  /** A token in the address would stand in logs; Google takes it there too, and nobody should. */
  async function revoke(request: Request): Promise<Response> {
    const isForm = request.headers.get('content-type') === 'application/x-www-form-urlencoded';
    const token = isForm ? new URLSearchParams(await request.text()).get('token') : null;
    if (token === null) return tokenError('invalid_request', 'Missing required parameter: token');
    const isEnded = await signIn.revoke(token);
    return isEnded ? json({}) : tokenError('invalid_token', 'Token expired or revoked');
  }

  const shell = createShell({
    now,
    showsQuery: (path) => path.startsWith('/youtube/'),
    trouble: {
      rateLimited: () => refusal(403, 'rateLimitExceeded', 'Rate limit exceeded'),
      error: () => refusal(500, 'backendError', 'Backend Error'),
    },
    async answer(request, path, query) {
      if (path === '/o/oauth2/v2/auth' && request.method === 'GET') {
        // Otherwise Google gives a second sign-in no refresh token.
        const isOffline = query.get('access_type') === 'offline' && query.get('prompt') === 'consent';
        return isOffline ? signIn.authorize(query) : html('<!doctype html><title>400</title>', 400);
      }
      if (path === '/token' && request.method === 'POST') return signIn.token(request);
      if (path === '/revoke' && request.method === 'POST') return revoke(request);
      if (path.startsWith('/youtube/v3/')) return api(request, path.slice('/youtube/v3'.length), query);
      return html('<!doctype html><title>Error 404</title>', 404);
    },
  });

  return {
    ...shell,
    configure(changes) {
      unitsPerDay = changes.unitsPerDay ?? unitsPerDay;
      missing = changes.missingChannels ?? missing;
    },
    unitsUsed: async () => (await used.get(pacificDay(now()))) ?? 0,
    connectionSettings: () => ({
      ...app,
      apiKey,
      status: 'production',
      namedTesters: [],
      unitsPerDay: 10_000,
    }),
    users: () => demoUsers,
    samples: () => ({
      album: 'OLAK5uy_k3oQ6XbQGmP4p8yq4pWq0rYw3n9s1xTzA',
      track: 'dQw4w9WgXcQ',
      playlist: 'PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf',
      artist: 'UC_x5XG1OV2P6uZZ5FSM9Ttw',
    }),
    refusedToken: {
      status: 401,
      body: '{"error":{"code":401,"message":"Invalid Credentials","errors":[{"reason":"authError"}]}}',
    },
    library: (user) => libraries.show(user, () => true),
    issueGrant: (user, asked, authorisedAt) => signIn.issueGrant(user, asked, authorisedAt),
    revokeGrant: (refreshToken) => signIn.revokeGrant(refreshToken),
    removeApp: (user) => signIn.revokeGrantsOf(user),
    addWork: (work) => catalogue.add(work),
  };
}

/** With an API key: videos, playlists, channels by name. */
async function readPublic(
  catalogue: Catalogue,
  path: string,
  query: URLSearchParams,
): Promise<Response | undefined> {
  const id = query.get('id') ?? '';
  const thumbnails = { high: { url: `https://i.ytimg.com/vi/${id}/hqdefault.jpg` } };
  if (path === '/videos') {
    const found = await catalogue.findTrack(id);
    if (found === undefined) return json({ items: [] });
    const { track, on } = found;
    const snippet = {
      title: track.title,
      channelId: on.artistId,
      channelTitle: `${on.artistName} - Topic`,
      thumbnails,
    };
    return json({ items: [{ id, snippet }] });
  }
  if (path === '/playlists') {
    const work = (await catalogue.find('album', id)) ?? (await catalogue.find('playlist', id));
    if (work === undefined || work.isPrivate === true) return json({ items: [] });
    const snippet = {
      title: work.title,
      channelId: work.artistId,
      channelTitle: work.artistName,
      thumbnails,
    };
    return json({ items: [{ id, snippet, contentDetails: { itemCount: work.tracks.length } }] });
  }
  if (path !== '/channels') return undefined;
  const name = (query.get('forHandle') ?? '').replace(/^@/, '').toLowerCase();
  const works = await catalogue.released();
  const owner = works.find(({ artistName }) => artistName.replaceAll(' ', '').toLowerCase() === name);
  return json(owner === undefined ? {} : { items: [{ id: owner.artistId }] });
}

function subscription(channelId: string): string {
  return `sub-${channelId}`;
}

function notFound(): Response {
  return refusal(404, 'notFound', 'Not Found');
}

function refusal(code: number, reason: string, message: string): Response {
  return json({ error: { code, message, errors: [{ message, domain: 'youtube', reason }] } }, code);
}
