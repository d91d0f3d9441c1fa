import { z } from 'zod';
import { gtinForms } from '#lib/gtin.ts';
import type { ClientOptions, LookupClient, ServiceItem, WorkFacts } from '../connector.ts';
import { parseJson, unreadable } from '../kit/answers.ts';
import { appAccess } from '../kit/calls.ts';
import { createTidalApi, createTidalFlow } from './client.ts';
import { tidalSettings } from './connector.ts';
import { isTidalId, tidalLinks } from './links.ts';

const types = { albums: 'album', tracks: 'track', playlists: 'playlist' } as const;
type WorkType = keyof typeof types;

/** JSON:API: what an album, a track, a playlist, an artist or a picture has; the rest is not read. */
const resource = z.object({
  id: z.string(),
  type: z.string(),
  attributes: z
    .object({
      title: z.string().optional(),
      name: z.string().optional(),
      barcodeId: z.string().nullish(),
      isrc: z.string().nullish(),
      numberOfItems: z.number().nullish(),
      releaseDate: z.string().nullish(),
      explicit: z.boolean().nullish(),
      files: z.array(z.object({ href: z.string() })).optional(),
    })
    .optional()
    .catch(undefined),
  relationships: z
    .record(
      z.string(),
      z.object({ data: z.array(z.object({ id: z.string(), type: z.string() })).optional() }).catch({}),
    )
    .optional(),
});
type Resource = z.infer<typeof resource>;

const single = z.object({ data: resource, included: z.array(resource).optional() });
const many = z.object({ data: z.array(resource), included: z.array(resource).optional() });

const includes = { albums: 'artists,items,coverArt', tracks: 'artists,albums', playlists: 'coverArt' };
const few = 5;

/** TIDAL's catalogue with the app's own token, as one country sees it. */
export function createTidalLookup({ baseUrl, settings: given, http, now }: ClientOptions): LookupClient {
  const settings = tidalSettings.parse(given);
  const api = createTidalApi(http, baseUrl);
  const flow = createTidalFlow({ http, settings, now, baseUrl });
  const access = appAccess(flow.appToken, flow.forgetAppToken);

  function query(more: Record<string, string>): string {
    return new URLSearchParams({ countryCode: settings.countryCode, ...more }).toString();
  }
  async function facts(type: WorkType, id: string): Promise<WorkFacts | null> {
    const path = `/${type}/${id}?${query({ include: includes[type] })}`;
    const response = await api.call(access, { method: 'GET', path, what: 'look-up' }, [404]);
    if (response.status === 404) return null;
    const parsed = single.safeParse(parseJson(response.text));
    if (!parsed.success) throw unreadable('TIDAL', 'look-up', response.status);
    return toFacts(parsed.data.data, parsed.data.included ?? []);
  }
  async function list(type: WorkType, filter: Record<string, string>) {
    const path = `/${type}?${query({ ...filter, include: includes[type] })}`;
    return api.read(access, { method: 'GET', path, what: 'look-up' }, many);
  }
  async function allFacts(type: WorkType, ids: readonly string[]): Promise<WorkFacts[]> {
    const found = await Promise.all([...new Set(ids)].slice(0, few).map((id) => facts(type, id)));
    return found.filter((work) => work !== null);
  }

  return {
    async facts({ kind, id }) {
      if (kind === 'artist' || !isTidalId(kind, id)) return null;
      return facts(`${kind}s`, id);
    },
    async findByUpc(upc) {
      for (const form of gtinForms(upc)) {
        const { data, included = [] } = await list('albums', { 'filter[barcodeId]': form });
        if (data.length > 0) return data.slice(0, few).flatMap((work) => toFacts(work, included) ?? []);
      }
      return [];
    },
    async findByIsrc(isrc, kind) {
      const { data, included = [] } = await list('tracks', { 'filter[isrc]': isrc });
      if (kind === 'track') return data.slice(0, few).flatMap((work) => toFacts(work, included) ?? []);
      const albums = data.flatMap(({ relationships }) => relationships?.['albums']?.data ?? []);
      return allFacts(
        'albums',
        albums.map(({ id }) => id),
      );
    },
    async releasesOf(artistId, isKnown) {
      const path = `/artists/${encodeURIComponent(artistId)}/relationships/albums?${query({ include: 'albums' })}`;
      const { data, included = [] } = await api.read(
        access,
        { method: 'GET', path, what: 'albums of an artist' },
        many,
      );
      const dayOf = (id: string) => included.find((one) => one.id === id)?.attributes?.releaseDate ?? '';
      // In no order that is promised; the first page holds the newest twenty of most artists.
      const newest = data.map(({ id }) => id).sort((a, b) => dayOf(b).localeCompare(dayOf(a)));
      const works = await Promise.all(newest.filter((id) => !isKnown(id)).map((id) => facts('albums', id)));
      return works.filter((work) => work !== null);
    },
    async search({ title, artist, kind }) {
      const type: WorkType = `${kind}s`;
      const words = encodeURIComponent(`${artist} ${title}`.trim());
      const path = `/searchResults/${words}/relationships/${type}?${query({})}`;
      const { data } = await api.read(access, { method: 'GET', path, what: 'search' }, many);
      return allFacts(
        type,
        data.map(({ id }) => id),
      );
    },
  };
}

/** Undefined types are of a later TIDAL than this file: they are passed over. */
function toFacts(work: Resource, included: readonly Resource[]): WorkFacts | null {
  const kind = types[work.type as WorkType]; // undefined for any other type
  if (kind === undefined) return null;
  const { attributes, relationships } = work;
  const related = (name: string) =>
    (relationships?.[name]?.data ?? []).flatMap(
      ({ id, type }) => included.find((other) => other.id === id && other.type === type) ?? [],
    );
  const item: ServiceItem = { kind, id: work.id };
  const trackCount = kind === 'track' ? 1 : (attributes?.numberOfItems ?? null);
  const codes = (kind === 'album' ? related('items') : [work]).flatMap(
    (track) => track.attributes?.isrc ?? [],
  );
  return {
    item,
    url: tidalLinks.url(item) ?? '',
    title: attributes?.title ?? attributes?.name ?? '',
    artists: related('artists').map(({ id, attributes: of }) => ({ id, name: of?.name ?? '' })),
    upc: attributes?.barcodeId ?? null,
    // The first page of a long album is not all of it.
    isrcs: codes.length === trackCount ? codes : [],
    trackCount,
    releasedOn: attributes?.releaseDate ?? related('albums')[0]?.attributes?.releaseDate ?? null,
    isExplicit: attributes?.explicit ?? null,
    artworkUrl: related('coverArt')[0]?.attributes?.files?.[0]?.href ?? null,
  };
}
