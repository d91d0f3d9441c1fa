import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import { gtinForms, isSameGtin } from '#lib/gtin.ts';
import type { ClientOptions, LookupClient, ServiceItem, WorkFacts } from '../connector.ts';
import { parseJson, unreadable } from '../kit/answers.ts';
import { createAppleMusicApi, findEquivalent, nobody, types } from './api.ts';
import { appleMusicSettings } from './connector.ts';
import { appleMusicLinks, isAppleMusicId } from './links.ts';

type Kind = keyof typeof types;

const identifier = z.object({
  id: z.string(),
  attributes: z.object({ name: z.string().optional(), isrc: z.string().optional() }).optional(),
});
const related = z
  .object({ data: z.array(identifier) })
  .optional()
  .catch(undefined);
const resource = z.object({
  id: z.string(),
  attributes: z.object({
    name: z.string(),
    url: z.string().optional(),
    artistName: z.string().optional(),
    curatorName: z.string().optional(),
    upc: z.string().optional(),
    isrc: z.string().optional(),
    trackCount: z.number().optional(),
    releaseDate: z.string().optional(),
    contentRating: z.string().optional(),
    artwork: z.object({ url: z.string() }).optional(),
  }),
  relationships: z.object({ artists: related, tracks: related, albums: related }).optional(),
});
type Resource = z.infer<typeof resource>;
const many = z.object({ data: z.array(resource) });
const list = z.object({ data: z.array(z.object({ id: z.string() })) });
const found = z.object({
  results: z.record(z.string(), list),
});

const artistAlbums = z.object({
  data: z.array(
    z.object({ id: z.string(), attributes: z.object({ isCompilation: z.boolean().optional() }).optional() }),
  ),
});

const few = 5;
/** The newest come first. */
const mostNewest = 25;
const includes = { album: 'artists,tracks', track: 'artists', playlist: 'tracks' } as const;
/** Countries that are asked where one's own does not have it, to say why. */
const elsewhere = ['us', 'gb', 'de', 'jp'];

/** Apple's catalogue as one country sees it, with the developer token alone. */
export function createAppleMusicLookup(options: ClientOptions): LookupClient {
  const { baseUrl, http, now } = options;
  const settings = appleMusicSettings.parse(options.settings);
  const { api } = createAppleMusicApi({ http, baseUrl, settings, now });
  const catalogue = `/v1/catalog/${settings.storefront}`;

  async function read(path: string, what: string) {
    return (await api.read(nobody, { method: 'GET', path: `${catalogue}/${path}`, what }, many)).data;
  }
  async function one(kind: Kind, id: string): Promise<WorkFacts | null> {
    const path = `${catalogue}/${types[kind]}/${id}?include=${includes[kind]}`;
    const response = await api.call(nobody, { method: 'GET', path, what: 'look-up' }, [404]);
    if (response.status === 404) return null;
    const parsed = many.safeParse(parseJson(response.text));
    if (!parsed.success) throw unreadable('Apple Music', 'look-up', response.status);
    const [work] = parsed.data.data;
    return work === undefined ? null : toFacts(kind, work);
  }
  async function all(kind: Kind, ids: readonly string[]): Promise<WorkFacts[]> {
    const works = await Promise.all([...new Set(ids)].slice(0, few).map((id) => one(kind, id)));
    return works.filter((work) => work !== null);
  }
  /** A link from another country: its work here, or a word on where it is. */
  async function abroad(kind: 'album' | 'track', id: string): Promise<WorkFacts | null> {
    const type = types[kind];
    const local = await findEquivalent(api, nobody, { type, id, storefront: settings.storefront });
    if (local !== null && local !== id) return one(kind, local);
    for (const storefront of elsewhere.filter((other) => other !== settings.storefront)) {
      if ((await findEquivalent(api, nobody, { type, id, storefront })) === null) continue;
      const here = settings.storefront.toUpperCase();
      throw new GiveUp(
        `Apple Music sells this in ${storefront.toUpperCase()}, but not in ${here}, where this connection looks.`,
      );
    }
    return null;
  }

  return {
    async facts({ kind, id }) {
      if (kind === 'artist' || !isAppleMusicId(kind, id)) return null;
      const here = await one(kind, id);
      return here === null && kind !== 'playlist' ? abroad(kind, id) : here;
    },
    async findByUpc(upc) {
      for (const form of gtinForms(upc)) {
        const works = await read(`albums?${query({ 'filter[upc]': form })}`, 'look-up');
        const same = works.filter(({ attributes }) => isSameGtin(attributes.upc ?? null, upc));
        const ids = same.map(({ id }) => id);
        if (ids.length > 0) return all('album', ids);
      }
      return [];
    },
    async findByIsrc(isrc, kind) {
      // Without the albums' own facts, which make this call time out.
      const songs = await read(`songs?${query({ 'filter[isrc]': isrc })}`, 'look-up');
      if (kind === 'track') return songs.slice(0, few).map((song) => toFacts('track', song));
      return all(
        'album',
        songs.flatMap((song) => song.relationships?.albums?.data.map(({ id }) => id) ?? []),
      );
    },
    async releasesOf(artistId, isKnown) {
      const path = `${catalogue}/artists/${encodeURIComponent(artistId)}/albums?${query({ limit: String(mostNewest) })}`;
      const { data } = await api.read(
        nobody,
        { method: 'GET', path, what: 'albums of an artist' },
        artistAlbums,
      );
      const own = data.filter(({ attributes }) => attributes?.isCompilation !== true).map(({ id }) => id);
      const works = await Promise.all(own.filter((id) => !isKnown(id)).map((id) => one('album', id)));
      return works.filter((work) => work !== null);
    },
    async search({ title, artist, kind }) {
      const asked = { term: `${artist} ${title}`.trim(), types: types[kind], limit: String(few) };
      const path = `${catalogue}/search?${query(asked)}`;
      const { results } = await api.read(nobody, { method: 'GET', path, what: 'search' }, found);
      return all(kind, results[types[kind]]?.data.map(({ id }) => id) ?? []);
    },
  };
}

function query(of: Record<string, string>): string {
  return new URLSearchParams(of).toString();
}

function toFacts(kind: Kind, { id, attributes, relationships }: Resource): WorkFacts {
  const item: ServiceItem = { kind, id };
  const tracks = relationships?.tracks?.data ?? [];
  const trackCount = kind === 'track' ? 1 : (attributes.trackCount ?? (tracks.length || null));
  const isrcs = kind === 'track' ? [attributes.isrc] : tracks.map(({ attributes: of }) => of?.isrc);
  const known = isrcs.filter((one) => one !== undefined);
  const rating = attributes.contentRating;
  return {
    item,
    url: attributes.url ?? appleMusicLinks.url(item) ?? '',
    title: attributes.name,
    artists: artistsOf(attributes, relationships?.artists?.data ?? []),
    upc: attributes.upc ?? null,
    // The first page of a long album is not all of it.
    isrcs: known.length === trackCount ? known : [],
    trackCount,
    releasedOn: /^\d{4}-\d{2}-\d{2}$/.test(attributes.releaseDate ?? '')
      ? (attributes.releaseDate ?? null)
      : null,
    isExplicit: kind === 'playlist' ? null : rating === 'explicit',
    artworkUrl: attributes.artwork?.url.replace('{w}', '600').replace('{h}', '600') ?? null,
  };
}

/** Ids come with the relationship; without their names, the whole line stands for the first. */
function artistsOf(
  { artistName, curatorName }: Resource['attributes'],
  artists: readonly z.infer<typeof identifier>[],
): WorkFacts['artists'] {
  const named = artists.flatMap(({ id, attributes }) =>
    attributes?.name === undefined ? [] : [{ id, name: attributes.name }],
  );
  if (named.length > 0) return named;
  const name = artistName ?? curatorName;
  return name === undefined ? [] : [{ id: artists[0]?.id ?? null, name }];
}
