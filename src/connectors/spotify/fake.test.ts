import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeWork } from '../connector.ts';
import { createSpotifyFake } from './fake.ts';
import { albumId, allScopes, artistId, deliver, redirectUri, setStage } from './testing.ts';
import type { Stage } from './testing.ts';

/** The fake is only worth something while it refuses what the provider refuses. */
const verifier = 'v'.repeat(64);
const ask = {
  client_id: 'segue-sandbox-client',
  response_type: 'code',
  redirect_uri: redirectUri,
  state: 'a state & more',
  scope: 'user-library-modify',
  code_challenge_method: 'S256',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
};

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const authorize = (changes: Record<string, string> = {}) =>
  fetch(`${stage.url}/authorize?${new URLSearchParams({ ...ask, ...changes }).toString()}`, {
    redirect: 'manual',
  });

const allowed = { user: 'teo-marchetti', decision: 'allow' };

async function newCode(): Promise<string> {
  const location = (await authorize(allowed)).headers.get('location') ?? '';
  return new URL(location).searchParams.get('code') ?? '';
}

async function askToken(
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${stage.url}/api/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: ask.client_id, ...form }),
  });
  // Always an object: RFC 6749 says so, and the tests look at its fields.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const exchange = (code: string, changes: Record<string, string> = {}) =>
  askToken({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...changes,
  });

async function web(path: string, method = 'GET', token?: string): Promise<{ status: number; text: string }> {
  const bearer = token ?? (await stage.fake.issueGrant('teo-marchetti', allScopes, stage.now())).accessToken;
  const response = await fetch(`${stage.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}` },
  });
  return { status: response.status, text: await response.text() };
}

function albumUris(count: number): string {
  return Array(count).fill(`spotify:album:${albumId}`).join(',');
}

describe('consent page', () => {
  it('shows two fans, allow and cancel, and keeps the request in its form', async () => {
    const page = await (await authorize()).text();
    expect(page.match(/type="radio"/g)).toHaveLength(2);
    expect(page).toMatch(/value="allow".*value="deny"/s);
    expect(page).toContain('name="state" value="a state &#38; more"');
  });

  it('answers at once as told, with the state as it was', async () => {
    const back = new URL((await authorize(allowed)).headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe('a state & more');
    const denied = new URL((await authorize({ decision: 'deny' })).headers.get('location') ?? '');
    expect(denied.searchParams.get('error')).toBe('access_denied');
    expect(denied.searchParams.get('code')).toBeNull();
  });

  it.each([
    ['another client', { client_id: 'other' }],
    ['the name localhost', { redirect_uri: 'http://localhost:3000/back' }],
    ['plain HTTP elsewhere', { redirect_uri: 'http://fans.example/back' }],
    ['an unknown scope', { scope: 'user-library-modify everything' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['no challenge', { code_challenge: '' }],
    ['another response type', { response_type: 'token' }],
  ])('refuses %s on the page, not by redirect', async (_what, changes: Record<string, string>) => {
    const response = await authorize({ ...allowed, ...changes });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it.each(['http://127.0.0.1:3000/back', 'http://[::1]:3000/back', 'https://fans.example/back'])(
    'allows the redirect to %s',
    async (uri) => {
      expect((await authorize({ ...allowed, redirect_uri: uri })).status).toBe(303);
    },
  );
});

describe('token endpoint', () => {
  it('gives an hour, and takes a code once', async () => {
    const code = await newCode();
    const { status, body } = await exchange(code);
    expect([status, body['expires_in'], body['scope']]).toEqual([200, 3_600, 'user-library-modify']);
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each([
    ['verifier', { code_verifier: 'w'.repeat(64) }],
    ['redirect', { redirect_uri: `${redirectUri}/` }],
  ])('refuses a wrong %s, which spends the code', async (_what, changes: Record<string, string>) => {
    const code = await newCode();
    expect(await exchange(code, changes)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await exchange(code)).status).toBe(400);
  });

  it('of two refreshes at once with one token, one wins', async () => {
    const { refreshToken } = await stage.fake.issueGrant('teo-marchetti', allScopes, stage.now());
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
    const answers = await Promise.all([askToken(form), askToken(form)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400]);
  });

  it('takes forms only, and only from its client', async () => {
    const code = await newCode();
    expect(await exchange(code, { client_id: 'other' })).toMatchObject({ body: { error: 'invalid_client' } });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ grant_type: 'authorization_code', code });
    expect((await fetch(`${stage.url}/api/token`, { method: 'POST', headers, body })).status).toBe(400);
  });
});

describe('Web API', () => {
  it('ends an access token after an hour of the movable clock', async () => {
    const { accessToken } = await stage.fake.issueGrant('teo-marchetti', allScopes, stage.now());
    stage.advance(3_599_000);
    expect((await web('/me', 'GET', accessToken)).status).toBe(200);
    stage.advance(1_000);
    const late = await web('/me', 'GET', accessToken);
    expect(JSON.parse(late.text)).toEqual({ error: { status: 401, message: 'The access token expired' } });
  });

  it('takes 40 URIs, of known types, from the query', async () => {
    expect(await web(`/me/library?uris=${albumUris(40)}`, 'PUT')).toEqual({ status: 200, text: '' });
  });

  it.each([
    ['41 URIs', albumUris(41)],
    ['none', ''],
    ['an unknown type', 'spotify:station:x'],
    ['another scheme', `album:${albumId}`],
    ['a short id', 'spotify:album:short'],
  ])('refuses %s', async (_what, uris) => {
    expect((await web(`/me/library?uris=${uris}`, 'PUT')).status).toBe(400);
  });

  it('R63 development mode has lost the older calls, with 403 and not 404', async () => {
    expect((await web(`/me/albums?ids=${albumId}`, 'PUT')).status).toBe(200);
    stage.fake.configure({ mode: 'development' });
    expect((await web(`/me/albums?ids=${albumId}`, 'PUT')).status).toBe(403);
    expect((await web(`/me/following?type=artist&ids=${artistId}`, 'PUT')).status).toBe(403);
    expect((await web(`/me/library?uris=spotify:artist:${artistId}`, 'PUT')).status).toBe(200);
  });

  it('finds a release by its exact code, from its release on', async () => {
    const album: FakeWork = {
      kind: 'album',
      id: albumId,
      title: 'Nightglass',
      artistId,
      artistName: 'Luna Vale',
      releaseAt: '2026-11-23T13:00:00.000Z',
      upc: '00602475093060',
      tracks: [{ id: '7a3LWj5xSFhFRYmztS8wgK', title: 'Nightglass', isrc: 'GBXYZ2600001' }],
    };
    await stage.fake.addWork(album);
    const total = async (path: string, kind: string) => JSON.parse((await web(path)).text)[kind].total;
    expect(await total('/search?q=upc:00602475093060&type=album', 'albums')).toBe(0);
    stage.advance(3_600_000);
    expect(await total('/search?q=upc:00602475093060&type=album', 'albums')).toBe(1);
    expect(await total('/search?q=upc:602475093060&type=album', 'albums')).toBe(0);
    expect(await total('/search?q=isrc:GBXYZ2600001&type=track', 'tracks')).toBe(1);
    const listed = JSON.parse((await web(`/artists/${artistId}/albums?limit=10`)).text);
    expect(listed.items[0]).toMatchObject({ id: albumId, external_ids: { upc: '00602475093060' } });
    stage.fake.configure({ mode: 'development' });
    expect((await web(`/artists/${artistId}/albums?limit=11`)).status).toBe(400);
  });
});

describe('the fake itself', () => {
  it('knows its tokens and libraries after a restart on the same store', async () => {
    const tokens = await stage.fake.issueGrant('teo-marchetti', allScopes, stage.now());
    await web(`/me/library?uris=spotify:album:${albumId}`, 'PUT', tokens.accessToken);
    const next = createSpotifyFake({ store: stage.store, now: stage.now, deliver });
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    const url = `http://fake/v1/me/library/contains?uris=spotify:album:${albumId}`;
    const response = await next.fetch(new Request(url, { headers }));
    expect(await response.json()).toEqual([true]);
    expect((await next.library('teo-marchetti')).saved).toHaveLength(1);
  });

  it('seeds an authorisation that is dead already', async () => {
    const long = new Date(stage.now().getTime() - 200 * 86_400_000);
    const { accessToken, refreshToken } = await stage.fake.issueGrant('teo-marchetti', allScopes, long);
    expect((await web('/me', 'GET', accessToken)).status).toBe(401);
    const answer = await askToken({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('lists calls without what was secret in them', async () => {
    await exchange(await newCode());
    await web(`/me/library?uris=spotify:album:${albumId}`, 'PUT');
    expect(stage.fake.calls().map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      'GET /authorize 303',
      'POST /api/token 200',
      `PUT /v1/me/library?uris=spotify:album:${albumId} 200`,
    ]);
  });

  it('breaks as often as told and is mended', async () => {
    stage.fake.setFault({ mode: 'error', count: 1 });
    expect((await web('/me')).status).toBe(500);
    expect((await web('/me')).status).toBe(200);
    stage.fake.setFault({ mode: 'rate_limited' });
    expect((await web('/me')).status).toBe(429);
    stage.fake.setFault({ mode: 'ok' });
    expect((await web('/me')).status).toBe(200);
  });

  it('can stand under a path', async () => {
    const base = { store: stage.store, now: stage.now, deliver, basePath: '/sandbox/providers/spotify' };
    const response = await createSpotifyFake(base).fetch(
      new Request('http://x/sandbox/providers/spotify/v1/me'),
    );
    expect(response.status).toBe(401);
  });
});
