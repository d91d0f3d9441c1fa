import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type { FakeWork, ReadBack, ScriptSignIn, StreamingClient } from '../connector.ts';
import { setServiceStage, type ServiceStage } from '../testing/stage.ts';
import { createAppleMusicClient } from './client.ts';
import { createAppleMusicFake, type AppleMusicFake } from './fake.ts';
import { team } from './fake/developer.ts';
import { appleMusicLinks } from './links.ts';
import { createAppleMusicLookup } from './lookup.ts';
import { appleMusicServer } from './server.ts';

const work: FakeWork = {
  kind: 'album',
  id: '1577502911',
  artistId: '1443457392',
  title: 'Midnight Ferry',
  artistName: 'Nova Reyes',
  releaseAt: '2026-11-01T00:00:00Z',
  upc: '602475093060',
  tracks: [{ id: '1577502922', title: 'Pier', isrc: 'USUM72409273' }],
};
const album = { kind: 'album', id: work.id } as const;
const key = { key: 'k' };
const minuteMs = 60_000;

let stage: ServiceStage<AppleMusicFake>;
beforeEach(async () => {
  stage = await setServiceStage(appleMusicServer, createAppleMusicFake);
});
afterEach(() => stage.close());

function scriptOf({ signIn }: StreamingClient): ScriptSignIn {
  if (signIn.kind !== 'script') throw new Error('Apple signs in by script');
  return signIn;
}
function readBackOf({ readBack }: StreamingClient): ReadBack {
  if (readBack === undefined) throw new Error('Apple’s saves are read back');
  return readBack;
}

it('R62 a save is accepted, and there only once the library shows it', async () => {
  const access = await stage.access();
  await expect(stage.client.save(access, [album], key)).resolves.toEqual({ result: 'accepted' });
  const readBack = readBackOf(stage.client);
  await expect(readBack.isThere(access, [album])).resolves.toBe(false);
  stage.advance(readBack.afterMs[0]);
  await expect(readBack.isThere(access, [album])).resolves.toBe(true);
});

it('R62 what Apple passes over in silence is never there', async () => {
  await stage.fake.addWork({ ...work, markets: ['DE'] });
  const access = await stage.access();
  await expect(stage.client.save(access, [album], key)).resolves.toEqual({ result: 'accepted' });
  stage.advance(24 * 60 * minuteMs);
  await expect(readBackOf(stage.client).isThere(access, [album])).resolves.toBe(false);
});

it('a fan in another country gets the release under its id there, or a word that it is not sold', async () => {
  await stage.fake.addWork(work);
  stage.fake.configure({ storefronts: { 'mara-lindqvist': 'de' } });
  const access = await stage.access();
  await stage.client.save(access, [album], key);
  expect((await stage.fake.library('mara-lindqvist')).saved).toEqual([
    { uri: 'apple-music:albums:1577502911', at: expect.any(String) },
  ]);
  const saves = stage.fake.calls().filter(({ method }) => method === 'POST');
  expect(saves.map(({ path }) => path)).toEqual([expect.stringMatching(/albums%5D=1577502911\d{3}$/)]);
  stage.advance(2 * minuteMs);
  await expect(readBackOf(stage.client).isThere(access, [album])).resolves.toBe(true);

  await stage.fake.addWork({ ...work, markets: ['US'] });
  await expect(stage.client.save(access, [album], key)).rejects.toThrow(
    /not sold in the fan's country \(de\)/,
  );
});

it('no subscription is told as that, a new password as the end of the link', async () => {
  stage.fake.configure({ withoutLibrary: ['mara-lindqvist'] });
  const access = await stage.access();
  await expect(stage.client.save(access, [album], key)).rejects.toThrow(/Sync Library is switched off/);
  await stage.fake.removeApp('mara-lindqvist');
  const dead = { token: access.token, renew: () => Promise.reject(new NeedsReconnect('over')) };
  await expect(stage.client.probe(dead)).rejects.toThrow(NeedsReconnect);
});

it('R58 the link ends half a year after it was given, and cannot be renewed', async () => {
  const at = new Date('2026-11-23T12:00:00Z');
  expect(stage.client.oauth.diesAt(at)).toEqual(new Date('2027-05-23T12:00:00Z'));
  const tokens = await stage.fake.issueGrant('mara-lindqvist', [], at);
  expect(tokens).toMatchObject({ refreshToken: null, expiresAt: new Date('2027-05-23T12:00:00Z') });
  await expect(stage.client.oauth.refresh(tokens)).rejects.toThrow(NeedsReconnect);
});

it('the developer token is signed ES256, good for an hour, and another one once it nears its end', async () => {
  await stage.fake.addWork(work);
  const seen = new Set<string>();
  const http = createHttp();
  const listening = createAppleMusicLookup({
    baseUrl: stage.url,
    settings: stage.fake.connectionSettings(),
    now: stage.now,
    http: (request) => {
      seen.add(request.headers?.['authorization'] ?? '');
      return http(request);
    },
  });
  await listening.facts(album);
  await listening.facts(album);
  expect(seen.size).toBe(1);
  const [token = ''] = [...seen].map((value) => value.replace('Bearer ', ''));
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: team.keyId });
  const { iss, iat = 0, exp = 0, origin } = decodeJwt(token);
  expect([iss, origin]).toEqual([team.teamId, undefined]);
  expect(exp - iat).toBeLessThan(2 * 3_600);
  stage.advance(51 * minuteMs);
  await listening.facts(album);
  expect(seen.size).toBe(2);
  await http.close();
});

it('the page gets Apple’s script, a token for its own origin, and no key', async () => {
  const prepared = await scriptOf(stage.client).prepare({ origin: 'https://fans.example' });
  expect(prepared.origins).toEqual([stage.url]);
  expect(decodeJwt(prepared.config['developerToken'] ?? '')['origin']).toEqual(['https://fans.example']);
  expect(JSON.stringify(prepared)).not.toContain('PRIVATE KEY');
  const live = createAppleMusicClient({
    settings: stage.fake.connectionSettings(),
    http: createHttp(),
    now: stage.now,
  });
  const real = await scriptOf(live).prepare({ origin: 'https://fans.example' });
  expect(real.config['src']).toBe('https://js-cdn.music.apple.com/musickit/v3/musickit.js');
  expect(real.origins).toContain('https://api.music.apple.com');
});

it.each([
  [
    'a key of nobody',
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
    /developer token/,
    RetryLater,
  ],
  ['a key of another kind', generateKeyPairSync('ed25519').privateKey, /cannot be read/, GiveUp],
])('%s is told as that', async (_what, privateKey, words, kind) => {
  const wrong = createAppleMusicClient({
    baseUrl: stage.url,
    http: createHttp(),
    now: stage.now,
    settings: {
      ...stage.fake.connectionSettings(),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  });
  const attempt = wrong.probe(await stage.access());
  await expect(attempt).rejects.toThrow(words);
  await expect(attempt).rejects.toBeInstanceOf(kind);
});

it('a token that could end a header is none', async () => {
  await expect(scriptOf(stage.client).accept('good-start\r\nx: y')).rejects.toThrow(GiveUp);
  expect(stage.fake.calls()).toEqual([]);
});

it('finds a release by bar code whatever its zeros, by recording, and by words', async () => {
  await stage.fake.addWork(work);
  const found = await stage.lookup.findByUpc?.('602475093060');
  expect(found).toMatchObject([
    {
      item: album,
      upc: '00602475093060',
      isrcs: ['USUM72409273'],
      trackCount: 1,
      releasedOn: '2026-11-01',
      isExplicit: false,
      artists: [{ id: '1443457392', name: 'Nova Reyes' }],
      artworkUrl: expect.stringContaining('600x600'),
    },
  ]);
  const byIsrc = await stage.lookup.findByIsrc?.('USUM72409273', 'album');
  expect(byIsrc?.map(({ item }) => item)).toEqual([album]);
  const words = { title: 'Ferry', artist: 'Nova', kind: 'album' } as const;
  expect((await stage.lookup.search?.(words))?.map(({ item }) => item)).toEqual([album]);
  expect(await stage.lookup.search?.({ ...words, title: 'Nothing' })).toEqual([]);
});

it('a link of another country leads to the work in one’s own, or to where it is sold', async () => {
  await stage.fake.addWork(work);
  const german = { kind: 'album', id: '1577502911082' } as const;
  expect(await stage.lookup.facts(german)).toMatchObject({ item: album });
  await stage.fake.addWork({ ...work, markets: ['DE'] });
  await expect(stage.lookup.facts(german)).rejects.toThrow(/sells this in DE, but not in US/);
});

it.each([
  ['https://music.apple.com/us/album/midnight-ferry/1577502911', album],
  ['https://music.apple.com/album/1577502911?l=en', album],
  ['https://geo.music.apple.com/us/album/_/1577502911?mt=1&app=music', album],
  ['https://itunes.apple.com/de/album/midnight-ferry/id1577502911', album],
  ['https://music.apple.com/us/album/x/1577502911?i=1577502922', { kind: 'track', id: '1577502922' }],
  ['https://music.apple.com/gb/song/pier/1577502922', { kind: 'track', id: '1577502922' }],
  ['https://music.apple.com/us/artist/nova-reyes/1443457392', { kind: 'artist', id: '1443457392' }],
  [
    'https://music.apple.com/us/playlist/mix/pl.u-8aAVZAriXdKqz5',
    { kind: 'playlist', id: 'pl.u-8aAVZAriXdKqz5' },
  ],
  ['https://music.apple.com/us/album/x/1577502911?i=..', null],
  ['https://music.apple.com.evil.example/us/album/x/1577502911', null],
])('%s', (text, item) => {
  expect(appleMusicLinks.parse(text)).toEqual(item);
});

it('a link into one’s own library says so', () => {
  const other = appleMusicLinks.other?.('https://music.apple.com/library/albums/l.abc');
  expect(other).toEqual({ kind: 'nothing', why: expect.stringMatching(/your own Apple Music library/) });
});
