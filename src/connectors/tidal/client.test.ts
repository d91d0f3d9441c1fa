import { afterEach, beforeEach, expect, it } from 'vitest';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { FakeWork } from '../connector.ts';
import { setServiceStage, type ServiceStage } from '../testing/stage.ts';
import { mediaType } from './client.ts';
import { createTidalFake, type TidalFake } from './fake.ts';
import { tidalLinks } from './links.ts';
import { tidalServer } from './server.ts';

const work: FakeWork = {
  kind: 'album',
  id: '401234567',
  artistId: '4332277',
  title: 'Die With A Smile',
  artistName: 'Luna Vale',
  releaseAt: '2026-11-01T00:00:00Z',
  upc: '602475093060',
  tracks: [{ id: '401234568', title: 'Die With A Smile', isrc: 'USUM72409273' }],
};
const album = { kind: 'album', id: work.id } as const;

let stage: ServiceStage<TidalFake>;
beforeEach(async () => {
  stage = await setServiceStage(tidalServer, createTidalFake);
});
afterEach(() => stage.close());

it('asks for the least that it needs (R68)', () => {
  expect(stage.client.oauth.scopesFor(['save-album', 'follow-artist'])).toEqual([
    'user.read',
    'collection.write',
  ]);
});

it('tells what was there from what is new, by meta.skipped', async () => {
  const access = await stage.access();
  await expect(stage.client.save(access, [album], { key: 'run-1' })).resolves.toEqual({ result: 'verified' });
  // Another effect, the same album.
  await expect(stage.client.save(access, [album], { key: 'run-2' })).resolves.toEqual({ result: 'already' });
  const both = [album, { kind: 'track', id: '401234568' } as const];
  await expect(stage.client.save(access, both, { key: 'run-3' })).resolves.toEqual({ result: 'verified' });
});

it('an attempt made again is answered as the first was, for an hour', async () => {
  const access = await stage.access();
  await stage.client.save(access, [album], { key: 'run-1' });
  await expect(stage.client.save(access, [album], { key: 'run-1' })).resolves.toEqual({ result: 'verified' });
  stage.advance(61 * 60_000);
  await expect(stage.client.save(access, [album], { key: 'run-1' })).resolves.toEqual({ result: 'already' });
});

it('an undo made twice within the hour is carried out twice', async () => {
  const access = await stage.access();
  for (const run of ['run-1', 'run-2']) {
    await stage.client.save(access, [album], { key: run });
    await stage.client.unsave?.(access, [album], { key: 'undo' });
    expect((await stage.fake.library('mara-lindqvist')).saved).toEqual([]);
  }
});

it('what TIDAL does not have is no success', async () => {
  stage.fake.configure({ takesUnknown: false });
  const attempt = stage.client.save(await stage.access(), [album], { key: 'run-1' });
  await expect(attempt).rejects.toThrow(/left out \(NOT_FOUND\)/);
});

it('the lane waits when TIDAL says too many', async () => {
  stage.fake.configure({ callsPer10Seconds: 1 });
  const access = await stage.access();
  await stage.client.probe(access);
  await expect(stage.client.probe(access)).rejects.toThrow(RetryLater);
});

it('an id of another service never reaches the path', async () => {
  const access = await stage.access();
  const attempt = stage.client.save(access, [{ kind: 'album', id: '../x' }], { key: 'k' });
  await expect(attempt).rejects.toThrow(GiveUp);
  expect(stage.fake.calls()).toEqual([]);
});

it('finds a release by bar code whatever its zeros, and by recording', async () => {
  await stage.fake.addWork(work);
  const [found] = (await stage.lookup.findByUpc?.('602475093060')) ?? [];
  expect(found).toMatchObject({
    item: album,
    upc: '00602475093060',
    isrcs: ['USUM72409273'],
    trackCount: 1,
    releasedOn: '2026-11-01',
    artists: [{ id: '4332277', name: 'Luna Vale' }],
    artworkUrl: expect.stringContaining('https://resources.tidal.com/'),
  });
  const byIsrc = await stage.lookup.findByIsrc?.('USUM72409273', 'album');
  expect(byIsrc?.map(({ item }) => item)).toEqual([album]);
  const byWords = await stage.lookup.search?.({ title: 'Smile', artist: 'Luna', kind: 'album' });
  expect(byWords?.map(({ item }) => item)).toEqual([album]);
  expect(await stage.lookup.facts({ kind: 'album', id: '999' })).toBeNull();
});

/** The fake is only worth something while it refuses what TIDAL refuses. */
it.each([
  ['a deprecated path', '/v2/userCollections/me/relationships/albums', {}, 404],
  [
    'another media type',
    '/v2/userCollectionAlbums/me/relationships/items',
    { type: 'application/json' },
    415,
  ],
  ['fifty-one items', '/v2/userCollectionAlbums/me/relationships/items', { count: 51 }, 400],
  ['artists among albums', '/v2/userCollectionArtists/me/relationships/items', {}, 400],
])('the fake refuses %s', async (_what, path, change: { type?: string; count?: number }, status) => {
  const token = await (await stage.access()).token();
  const data = Array.from({ length: change.count ?? 1 }, (_, at) => ({ type: 'albums', id: String(at + 1) }));
  const response = await fetch(`${stage.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': change.type ?? mediaType },
    body: JSON.stringify({ data }),
  });
  expect(response.status).toBe(status);
});

it('the fake refuses a key with another payload', async () => {
  const token = await (await stage.access()).token();
  const send = (id: string) =>
    fetch(`${stage.url}/v2/userCollectionAlbums/me/relationships/items`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': mediaType, 'idempotency-key': 'one' },
      body: JSON.stringify({ data: [{ type: 'albums', id }] }),
    });
  expect([(await send('1')).status, (await send('1')).status, (await send('2')).status]).toEqual([
    200, 200, 422,
  ]);
});

it.each([
  ['https://tidal.com/browse/album/77646168', { kind: 'album', id: '77646168' }],
  ['https://tidal.com/album/77646168/u', { kind: 'album', id: '77646168' }],
  ['https://listen.tidal.com/track/77646170?u', { kind: 'track', id: '77646170' }],
  [
    'https://tidal.com/browse/playlist/36ea71a8-445e-41a4-82ab-6628c581535d',
    { kind: 'playlist', id: '36ea71a8-445e-41a4-82ab-6628c581535d' },
  ],
  ['https://tidal.com.evil.example/album/1', null],
  ['https://tidal.com/album/abc', null],
])('%s', (text, item) => {
  expect(tidalLinks.parse(text)).toEqual(item);
});
