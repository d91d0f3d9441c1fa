import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttp } from '#lib/http.ts';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { FakeWork, LookupClient } from '../connector.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { serveFetch, type ServedFetch } from '../testing/serve.ts';
import { createDeezerFake, type DeezerFake } from './fake.ts';
import { deezerLinks } from './links.ts';
import { createDeezerLookup } from './lookup.ts';

const work: FakeWork = {
  kind: 'album',
  id: '632423781',
  artistId: '1000',
  title: 'Die With A Smile',
  artistName: 'Luna Vale',
  releaseAt: '2026-11-01T00:00:00Z',
  upc: '00602475093060',
  tracks: [{ id: '2947516331', title: 'Die With A Smile', isrc: 'USUM72409273' }],
};
const now = () => new Date('2026-11-23T12:00:00Z');

let fake: DeezerFake;
let served: ServedFetch;
let http: ReturnType<typeof createHttp>;
let lookup: LookupClient;
beforeEach(async () => {
  fake = createDeezerFake({
    store: createMemoryStore(),
    now,
    deliver: async () => ({ status: 200, body: '' }),
  });
  served = await serveFetch((request) => fake.fetch(request));
  http = createHttp({ defaultTimeoutMs: 1_000 });
  lookup = createDeezerLookup({ baseUrl: served.url, settings: {}, http, now });
  await fake.addWork(work);
});
afterEach(async () => {
  await served.close();
  await http.close();
});

it.each(['602475093060', '00602475093060', '0602475093060'])('finds by bar code %s', async (upc) => {
  const [found] = (await lookup.findByUpc?.(upc)) ?? [];
  expect(found).toMatchObject({
    item: { kind: 'album', id: '632423781' },
    upc: '602475093060',
    isrcs: ['USUM72409273'],
    trackCount: 1,
    releasedOn: '2026-11-01',
    artists: [{ id: '1000', name: 'Luna Vale' }],
  });
});

it('finds by recording and by words', async () => {
  const [track] = (await lookup.findByIsrc?.('USUM72409273', 'track')) ?? [];
  expect(track?.item).toEqual({ kind: 'track', id: '2947516331' });
  const [album] = (await lookup.findByIsrc?.('USUM72409273', 'album')) ?? [];
  expect(album?.item).toEqual({ kind: 'album', id: '632423781' });
  const found = await lookup.search?.({ title: 'With A Smile', artist: 'Luna Vale', kind: 'album' });
  expect(found?.map(({ item }) => item.id)).toEqual(['632423781']);
});

it('what is not there, or not out yet, is null; a private playlist is said to be one', async () => {
  expect(await lookup.facts({ kind: 'album', id: '5' })).toBeNull();
  await fake.addWork({ ...work, id: '7', releaseAt: '2027-01-01T00:00:00Z', upc: null });
  expect(await lookup.facts({ kind: 'album', id: '7' })).toBeNull();
  await fake.addWork({ ...work, kind: 'playlist', id: '8', isPrivate: true });
  await expect(lookup.facts({ kind: 'playlist', id: '8' })).rejects.toThrow(/private/);
});

it('a 200 with an error inside is classed by its code', async () => {
  fake.limit(1);
  await lookup.facts({ kind: 'album', id: '5' });
  await expect(lookup.facts({ kind: 'album', id: '5' })).rejects.toMatchObject({ isLaneWide: true });
  fake.limit(null);
  fake.setFault({ mode: 'error', count: 1 });
  await expect(lookup.facts({ kind: 'album', id: '5' })).rejects.toThrow(RetryLater);
  const refused = await http({ method: 'POST', url: `${served.url}/user/me/albums?album_id=1` });
  expect([refused.status, refused.text]).toEqual([200, expect.stringContaining('"code":200')]);
});

it('another refusal is final', async () => {
  const odd = await serveFetch(() => Response.json({ error: { type: 'X', message: 'no', code: 300 } }));
  const client = createDeezerLookup({ baseUrl: odd.url, settings: {}, http, now });
  await expect(client.facts({ kind: 'album', id: '5' })).rejects.toThrow(GiveUp);
  await odd.close();
});

it('another release than the one asked for is none', async () => {
  const body = { id: 1, title: 'Other', upc: '111111111111', nb_tracks: 0, data: [] };
  const odd = await serveFetch(() => Response.json(body));
  const client = createDeezerLookup({ baseUrl: odd.url, settings: {}, http, now });
  expect(await client.findByUpc?.('602475093060')).toEqual([]);
  await odd.close();
});

it('a short link is asked once and not followed', async () => {
  expect(deezerLinks.other?.('https://link.deezer.com/s/632423781')).toEqual({ kind: 'ask' });
  const item = await lookup.resolve?.('https://link.deezer.com/s/632423781');
  expect(item).toEqual({ kind: 'album', id: '632423781' });
  expect(fake.calls()).toHaveLength(1);
});

it.each([
  ['https://www.deezer.com/fr/album/302127?utm=1', { kind: 'album', id: '302127' }],
  ['https://deezer.com/track/3135556', { kind: 'track', id: '3135556' }],
  ['https://deezer.com.evil.example/album/1', null],
  ['https://www.deezer.com/album/abc', null],
])('%s', (text, item) => {
  expect(deezerLinks.parse(text)).toEqual(item);
});
