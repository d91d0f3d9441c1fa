import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectorError, RetryLater } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type { CatalogueFake, ConnectorServer, FakeOptions, LookupClient } from './connector.ts';
import { serveHostile, type HostileAnswer, type HostileServer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFetch, type ServedFetch } from './testing/serve.ts';

/** What any connector that is looked up owes the host: facts of what there is, null for what is not. */
const now = () => new Date();
const deliver = async () => ({ status: 200, body: '' });

/** Say nothing about the work: asked again, they may be over. */
const passing: [name: string, answer: HostileAnswer][] = [
  ['500', { kind: 'answer', status: 500, body: '{}' }],
  ['429', { kind: 'answer', status: 429, body: '{}' }],
  ['a page in HTML', { kind: 'answer', status: 200, body: '<html>Sign in to this network</html>' }],
  ['JSON of another shape', { kind: 'answer', status: 200, body: '{"hello":[1]}' }],
  ['JSON cut short', { kind: 'answer', status: 200, body: '{"id":"a' }],
  ['an answer that ends half way', { kind: 'half-closed' }],
  ['a connection that ends before a byte', { kind: 'reset' }],
  ['no answer in time', { kind: 'silent' }],
];

export function describeLookup(
  server: ConnectorServer,
  createFake: (options: FakeOptions) => CatalogueFake,
): void {
  const create = server.lookup;
  if (create === undefined) return;

  describe(`${server.definition.id}: look-up`, () => {
    const http = createHttp({ defaultTimeoutMs: 5_000 });
    const impatient = createHttp({ defaultTimeoutMs: 250 });
    let hostile: HostileServer;
    let served: ServedFetch;
    let fake: CatalogueFake;
    let client: LookupClient;

    beforeAll(async () => {
      hostile = await serveHostile();
      fake = createFake({ store: createMemoryStore(), now, deliver });
      served = await serveFetch((request) => fake.fetch(request));
      client = create({ baseUrl: served.url, settings: fake.connectionSettings(), http, now });
    });
    afterAll(async () => {
      await Promise.all([hostile.close(), served.close()]);
      await Promise.all([http.close(), impatient.close()]);
    });

    it('null for what is not there; a link to what it found, that its own links read', async () => {
      const { track, playlist, artist } = fake.samples();
      const { kind, id } = sampleOf(fake);
      expect(await client.facts({ kind, id })).toBeNull();
      await fake.addWork({
        kind,
        id,
        artistId: artist,
        title: 'Nightglass',
        artistName: 'Luna Vale',
        releaseAt: new Date(Date.now() - 86_400_000).toISOString(),
        upc: '602475093060',
        tracks: [{ id: track, title: 'Nightglass', isrc: 'USUM72409273' }],
      });
      const facts = await client.facts({ kind, id });
      expect(facts).toMatchObject({ item: { kind, id }, title: 'Nightglass' });
      const url = facts?.url ?? '';
      const { links } = server.definition;
      const isAsked = links?.other?.(url)?.kind === 'ask';
      expect(isAsked ? await client.resolve?.(url) : links?.parse(url)).toEqual({ kind, id });
      expect(await client.facts({ kind: 'playlist', id: playlist })).toBeNull();
    });

    it('lists what is out of an artist once, in full; what is known only by its id', async () => {
      const { artist } = fake.samples();
      const { id } = sampleOf(fake);
      if (client.releasesOf === undefined) return;
      const asked: string[] = [];
      const isKnown = (one: string) => asked.push(one) > 0 && false;
      const [found, ...others] = await client.releasesOf(artist, isKnown);
      expect([found?.title, found?.upc !== null, found?.isrcs, others]).toEqual([
        'Nightglass',
        true,
        ['USUM72409273'],
        [],
      ]);
      expect(asked).toEqual([id]);
      expect(await client.releasesOf(artist, () => true)).toEqual([]);
    });

    it.each(passing)('%s: try later, never "not there"', async (_what, answer) => {
      hostile.answerWith(answer);
      const settings = fake.connectionSettings();
      // A client of its own: no token from an answer before.
      const unlucky = create({ baseUrl: hostile.url, settings, http: impatient, now });
      await expect(unlucky.facts(sampleOf(fake))).rejects.toThrow(RetryLater);
    });

    it('a redirect is not followed', async () => {
      hostile.answerWith({ kind: 'answer', status: 302, headers: { location: `${served.url}/elsewhere` } });
      const settings = fake.connectionSettings();
      const unlucky = create({ baseUrl: hostile.url, settings, http: impatient, now });
      const before = fake.calls().length;
      await expect(unlucky.facts(sampleOf(fake))).rejects.toThrow(ConnectorError);
      expect(fake.calls().length).toBe(before);
    });
  });
}

/** Of a service without albums a track. */
function sampleOf(fake: CatalogueFake): { kind: 'album' | 'track'; id: string } {
  const { album, track } = fake.samples();
  return album === '' ? { kind: 'track', id: track } : { kind: 'album', id: album };
}
