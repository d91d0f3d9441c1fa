import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FakeOptions, StreamingFake } from '../connector.ts';
import { parseJson } from '../kit/answers.ts';
import { html, json, tokenError } from '../kit/fake/answers.ts';
import { createCatalogue } from '../kit/fake/catalogue.ts';
import { createLibraries } from '../kit/fake/libraries.ts';
import { createPeople, demoUsers } from '../kit/fake/people.ts';
import { createRateWindow } from '../kit/fake/rate-window.ts';
import { createShell } from '../kit/fake/shell.ts';
import { createSignIn, isSafeRedirect } from '../kit/fake/sign-in.ts';
import { ok, refusal } from './fake/answers.ts';
import { readCatalogue, shortLink } from './fake/catalogue.ts';
import { isSoundcloudId } from './links.ts';

export interface SoundcloudFakeSettings {
  /** Calls in 10 seconds before 429; null: no limit. */
  callsPer10Seconds: number | null;
  /** Likes of one user in an hour before a warning for spam; null: no limit. */
  likesPerHour: number | null;
  /** How many people a user may follow. */
  mostFollowings: number;
  /** Whether ids outside its catalogue are taken. */
  takesUnknown: boolean;
}

export interface SoundcloudFake extends StreamingFake {
  configure(changes: Partial<SoundcloudFakeSettings>): void;
}

const app = { clientId: 'soundcloud-sandbox-client', clientSecret: 'soundcloud-sandbox-secret' };
const users = 'soundcloud:users:';
const signOutBody = z.object({ access_token: z.string().min(1) });

/** SoundCloud's sign-in and API under one address: `/authorize`, `/oauth/token`, and the rest. */
export function createSoundcloudFake({ store, now }: FakeOptions): SoundcloudFake {
  const settings: SoundcloudFakeSettings = {
    callsPer10Seconds: null,
    likesPerHour: null,
    mostFollowings: 2_000,
    takesUnknown: true,
  };
  const people = createPeople(store);
  const catalogue = createCatalogue(store, now);
  const libraries = createLibraries(store);
  const overRate = createRateWindow(now, 10_000);
  const overLikes = new Map<string, ReturnType<typeof createRateWindow>>();
  const overAppTokens = createRateWindow(now, 12 * 3_600_000);
  const signIn = createSignIn(store, now, people, {
    label: 'SoundCloud',
    clientId: () => app.clientId,
    clientSecret: () => app.clientSecret,
    knowsScope: null,
    isRedirectAllowed: isSafeRedirect,
    endsAt: () => null,
    refreshToken: () => 'replaced',
    accessLifeSeconds: 3_599,
    mayIssueAppToken: () => (overAppTokens(50) === null ? null : json({ error: 'rate_limit_exceeded' }, 429)),
  });

  /** The secret goes into the form, but for the app's own token, which wants it in the header. */
  async function token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.clone().text());
    const isOwn = form.get('grant_type') === 'client_credentials';
    if (isOwn !== request.headers.has('authorization') || isOwn === form.has('client_secret'))
      return tokenError('invalid_client', 'Client authentication failed', 401);
    return signIn.token(request);
  }

  async function api(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    if (overRate(settings.callsPer10Seconds) !== null) return refusal(429);
    const [scheme, given = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const caller = scheme === 'OAuth' ? await signIn.read(given) : 'unknown';
    if (caller === 'unknown' || caller === 'expired') return refusal(401, 'invalid token');
    const read = request.method === 'GET' ? await readCatalogue(catalogue, path, query) : undefined;
    if (read !== undefined) return read;
    if (caller === 'app') return refusal(401, 'a token of a user is needed');
    const { user } = caller.grant;
    if (path === '/me' && request.method === 'GET') {
      const username = (await people.find(user))?.displayName ?? user;
      return json({ kind: 'user', urn: userUrn(user), username });
    }
    return (
      (await like(request.method, path, user)) ?? (await follow(request.method, path, user)) ?? refusal(404)
    );
  }

  async function like(method: string, path: string, user: string): Promise<Response | undefined> {
    const [, type, id = ''] = /^\/likes\/(tracks|playlists)\/([^/]+)$/.exec(path) ?? [];
    if (type === undefined) return undefined;
    if (!isSoundcloudId(type === 'tracks' ? 'track' : 'playlist', id)) return refusal(400, 'Not a URN');
    if (method === 'DELETE') return takeBack(user, id);
    if (method !== 'POST') return refusal(405);
    if (isSpam(user)) return refusal(429, '', { spam_warning_urn: 'soundcloud:spam-warnings:1' });
    if (!(await isThere(type, id))) return refusal(404);
    await libraries.add(user, id, now());
    return ok();
  }

  async function follow(method: string, path: string, user: string): Promise<Response | undefined> {
    const [, id] = /^\/me\/followings\/([^/]+)$/.exec(path) ?? [];
    if (id === undefined) return undefined;
    if (!isSoundcloudId('artist', id)) return refusal(400, 'Not a URN');
    if (method === 'DELETE') return takeBack(user, id);
    if (method !== 'PUT') return refusal(405);
    const { following } = await libraries.show(user, (uri) => uri.startsWith(users));
    if (following.length >= settings.mostFollowings && !following.some(({ uri }) => uri === id))
      return refusal(422, 'You are following too many people');
    const isNew = await libraries.add(user, id, now());
    return isNew ? json({ kind: 'user', urn: id }, 201) : ok();
  }

  async function takeBack(user: string, id: string): Promise<Response> {
    const kept = libraries.of(user);
    if (!(await kept.all()).has(id)) return refusal(404);
    await kept.remove(id);
    return ok();
  }

  async function isThere(type: string, id: string): Promise<boolean> {
    if (type === 'tracks') return settings.takesUnknown || (await catalogue.findTrack(id)) !== undefined;
    const set = (await catalogue.find('album', id)) ?? (await catalogue.find('playlist', id));
    return set !== undefined || (settings.takesUnknown && !(await catalogue.has(id)));
  }

  function isSpam(user: string): boolean {
    const window = overLikes.get(user) ?? createRateWindow(now, 3_600_000);
    overLikes.set(user, window);
    return window(settings.likesPerHour) !== null;
  }

  /** Of a living access token alone. */
  async function signOut(request: Request): Promise<Response> {
    const asked = signOutBody.safeParse(parseJson(await request.text()));
    if (!asked.success) return refusal(400, 'access_token is missing');
    const { access_token: given } = asked.data;
    if (typeof (await signIn.read(given)) === 'string') return refusal(401, 'invalid token');
    await signIn.revoke(given);
    return json({});
  }

  const shell = createShell({
    now,
    showsQuery: (path) => path !== '/authorize',
    trouble: {
      rateLimited: () => refusal(429),
      error: (path) => (path === '/oauth/token' ? json({ error: 'server_error' }, 500) : refusal(500)),
    },
    async answer(request, path, query) {
      if (path === '/authorize' && request.method === 'GET') return signIn.authorize(query);
      if (path === '/oauth/token' && request.method === 'POST') return token(request);
      if (path === '/sign-out' && request.method === 'POST') return signOut(request);
      if (path.startsWith('/short/')) return shortLink(catalogue, path.slice('/short/'.length));
      if (path === '/authorize') return html('<!doctype html><title>Not found</title>', 404);
      return api(request, path, query);
    },
  });

  return {
    ...shell,
    configure: (changes) => void Object.assign(settings, changes),
    connectionSettings: () => ({ ...app }),
    users: () => demoUsers,
    samples: () => ({
      album: 'soundcloud:playlists:1694857320',
      track: 'soundcloud:tracks:1728394056',
      playlist: 'soundcloud:playlists:405726391',
      artist: 'soundcloud:users:28746152',
    }),
    refusedToken: {
      status: 401,
      body: '{"code":401,"message":"invalid token","status":"401 - Unauthorized"}',
    },
    library: (user) => libraries.show(user, (uri) => uri.startsWith(users)),
    issueGrant: (user, asked, authorisedAt) => signIn.issueGrant(user, asked, authorisedAt),
    revokeGrant: (refreshToken) => signIn.revokeGrant(refreshToken),
    removeApp: (user) => signIn.revokeGrantsOf(user),
    addWork: (work) => catalogue.add(work),
  };
}

/** A number of one's own, as everyone has there. */
function userUrn(user: string): string {
  return `${users}${createHash('sha256').update(user).digest().readUInt32BE(0) + 1}`;
}
