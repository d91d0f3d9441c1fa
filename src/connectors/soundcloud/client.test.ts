import { afterEach, beforeEach, expect, it } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { FakeWork } from '../connector.ts';
import { redirectOf } from '../testing/sign-in.ts';
import { accessOf, setServiceStage, type ServiceStage } from '../testing/stage.ts';
import { createSoundcloudFake, type SoundcloudFake } from './fake.ts';
import { soundcloudLinks } from './links.ts';
import { soundcloudServer } from './server.ts';

const work: FakeWork = {
  kind: 'album',
  id: 'soundcloud:playlists:1694857320',
  artistId: 'soundcloud:users:28746152',
  title: 'Midnight Ferry',
  artistName: 'Nova Reyes',
  releaseAt: '2026-11-01T00:00:00Z',
  upc: '602475093060',
  tracks: [
    { id: 'soundcloud:tracks:11', title: 'Pier', isrc: 'USUM72409273' },
    { id: 'soundcloud:tracks:12', title: 'Lights', isrc: 'USUM72409274' },
  ],
};
const album = { kind: 'album', id: work.id } as const;
const page = 'https://soundcloud.com/nova-reyes/sets/midnight-ferry-1694857320';
const key = { key: 'k' };

let stage: ServiceStage<SoundcloudFake>;
beforeEach(async () => {
  stage = await setServiceStage(soundcloudServer, createSoundcloudFake);
});
afterEach(() => stage.close());

it('asks for no scope at all, and leaves the word out', () => {
  const scopes = stage.client.oauth.scopesFor(['save-album', 'follow-artist']);
  expect(scopes).toEqual([]);
  const url = redirectOf(stage.client).authorizeUrl({
    redirectUri: 'https://segue.example/oauth/soundcloud/callback',
    state: 's',
    codeChallenge: 'c',
    scopes,
  });
  expect(new URL(url).searchParams.has('scope')).toBe(false);
});

it('R60 a refresh token is good for one use; what came back is good for the next', async () => {
  const first = await stage.fake.issueGrant('mara-lindqvist', [], stage.now());
  const second = await stage.client.oauth.refresh(first);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  await expect(stage.client.oauth.refresh(first)).rejects.toThrow(NeedsReconnect);
  const third = await stage.client.oauth.refresh(second);
  await expect(stage.client.probe(accessOf(third))).resolves.toBeUndefined();
});

it('taking back what is not there any more is done already', async () => {
  const access = await stage.access();
  await expect(stage.client.unfollow(access, work.artistId, key)).resolves.toBeUndefined();
  await expect(stage.client.unsave?.(access, [album], key)).resolves.toBeUndefined();
});

it('a fan who follows too many is told so; a warning for spam rests one account, not the lane', async () => {
  stage.fake.configure({ mostFollowings: 0, likesPerHour: 1 });
  const access = await stage.access();
  await expect(stage.client.follow(access, work.artistId, key)).rejects.toThrow(/as SoundCloud allows/);
  await stage.client.save(access, [album], key);
  const warned = await stage.client.save(access, [album], key).catch((error: unknown) => error);
  expect(warned).toBeInstanceOf(RetryLater);
  expect(warned).toMatchObject({ isLaneWide: false, at: expect.any(Date) });
  const others = await stage.access('jonas-okafor');
  await expect(stage.client.save(others, [album], key)).resolves.toEqual({ result: 'verified' });
});

it('the app’s own token is kept: fifty are all there are in twelve hours', async () => {
  await stage.fake.addWork(work);
  for (let at = 0; at < 60; at++) await stage.lookup.facts(album);
  expect(stage.fake.calls().filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
});

it.each([
  [page, album],
  [`${page}?si=abc&utm_source=clipboard`, album],
  ['https://m.soundcloud.com/nova-reyes/pier-11', { kind: 'track', id: 'soundcloud:tracks:11' }],
  ['https://soundcloud.com/nova-reyes', { kind: 'artist', id: work.artistId }],
  ['https://on.soundcloud.com/12', { kind: 'track', id: 'soundcloud:tracks:12' }],
  ['https://on.soundcloud.com/999', null],
  ['https://soundcloud.com/nobody/nothing', null],
])('only SoundCloud knows what %s names', async (text, item) => {
  await stage.fake.addWork(work);
  expect(soundcloudLinks.other?.(text)).toEqual({ kind: 'ask' });
  expect(await stage.lookup.resolve?.(text)).toEqual(item);
});

it.each([
  ['soundcloud:tracks:11', { kind: 'track', id: 'soundcloud:tracks:11' }],
  ['soundcloud:users:1', { kind: 'artist', id: 'soundcloud:users:1' }],
  ['https://soundcloud.com/nova-reyes', null],
  ['11', null],
])('%s says itself what it is', (text, item) => {
  expect(soundcloudLinks.parse(text)).toEqual(item);
});

it.each([
  ['https://soundcloud.com/nova-reyes/pier/s-AbC12', /private/],
  ['https://soundcloud.com/discover', /names no track/],
  ['https://soundcloud.com/a/b/c/d', /names no track/],
])('%s is nothing that can be saved, and says why', (text, why) => {
  expect(soundcloudLinks.other?.(text)).toEqual({ kind: 'nothing', why: expect.stringMatching(why) });
});

it('a link to another house is not SoundCloud’s', () => {
  expect(soundcloudLinks.other?.('https://soundcloud.com.evil.example/a/b')).toBeNull();
});

it('finds by words, and knows an album from a playlist', async () => {
  await stage.fake.addWork(work);
  const [found] = (await stage.lookup.search?.({ title: 'Ferry', artist: 'Nova', kind: 'album' })) ?? [];
  expect(found).toMatchObject({
    item: album,
    url: page,
    isrcs: ['USUM72409273', 'USUM72409274'],
    trackCount: 2,
    releasedOn: '2026-11-01',
    artists: [{ id: work.artistId, name: 'Nova Reyes' }],
  });
  expect(await stage.lookup.search?.({ title: 'Ferry', artist: 'Nova', kind: 'playlist' })).toEqual([]);
});

it('an id of another service never reaches the path', async () => {
  const access = await stage.access();
  const attempt = stage.client.save(access, [{ kind: 'album', id: '../me' }], key);
  await expect(attempt).rejects.toThrow(GiveUp);
  expect(stage.fake.calls()).toEqual([]);
});

/** The fake is only worth something while it refuses what SoundCloud refuses. */
it.each([
  ['Bearer in place of OAuth', 'Bearer', '/me', 'GET', 401],
  ['a bare number', 'OAuth', '/likes/tracks/11', 'POST', 400],
  ['a set among tracks', 'OAuth', '/likes/tracks/soundcloud:playlists:1', 'POST', 400],
  ['another method', 'OAuth', '/likes/tracks/soundcloud:tracks:1', 'PUT', 405],
])('the fake refuses %s', async (_what, scheme, path, method, status) => {
  const token = await (await stage.access()).token();
  const response = await fetch(`${stage.url}${path}`, {
    method,
    headers: { authorization: `${scheme} ${token}` },
  });
  expect(response.status).toBe(status);
});

it('the fake wants a scope from nobody, and the secret where SoundCloud wants it', async () => {
  const { clientId, clientSecret } = stage.fake.connectionSettings() as Record<string, string>; // of its own making
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId ?? '',
    redirect_uri: 'https://segue.example/cb',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    scope: 'non-expiring',
  });
  expect((await fetch(`${stage.url}/authorize?${query.toString()}`)).status).toBe(400);
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId ?? '' });
  form.set('client_secret', clientSecret ?? '');
  expect((await fetch(`${stage.url}/oauth/token`, { method: 'POST', body: form })).status).toBe(401);
});
