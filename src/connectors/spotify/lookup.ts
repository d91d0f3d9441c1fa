import { z } from 'zod';
import { gtinForms } from '#lib/gtin.ts';
import type { Access, ClientOptions, LookupClient, ServiceItem, WorkFacts } from '../connector.ts';
import { parseJson, sendRepeatable, unreadable } from '../kit/answers.ts';
import { appAccess, type Api } from '../kit/calls.ts';
import { createSpotifyApi } from './client.ts';
import { spotifySettings } from './connector.ts';
import { shortLink, spotifyLinks } from './links.ts';
import { createOauth } from './oauth.ts';

const named = z.object({ id: z.string().nullish(), name: z.string() });
const images = z.array(z.object({ url: z.string() })).catch([]);
const codes = z
  .object({ upc: z.string().optional(), ean: z.string().optional(), isrc: z.string().optional() })
  .catch({});
const albumBody = z.object({
  id: z.string(),
  name: z.string(),
  artists: z.array(named),
  release_date: z.string().optional(),
  release_date_precision: z.string().optional(),
  total_tracks: z.number().optional(),
  images,
  external_ids: codes,
  tracks: z
    .object({ items: z.array(z.object({ id: z.string().nullish(), explicit: z.boolean().optional() })) })
    .optional(),
});
const trackBody = z.object({
  id: z.string(),
  name: z.string(),
  explicit: z.boolean().optional(),
  artists: z.array(named),
  external_ids: codes,
  album: albumBody.partial().optional(),
});
const playlistBody = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.object({ id: z.string().nullish(), display_name: z.string().nullish() }),
  images,
  items: z.object({ total: z.number() }).optional(),
});
const foundAlbums = z.object({
  albums: z.object({ items: z.array(z.object({ id: z.string() }).nullable()) }),
});
const foundTracks = z.object({ tracks: z.object({ items: z.array(trackBody.nullable()) }) });

const artistAlbums = z.object({ items: z.array(z.object({ id: z.string() })) });

/** As many as an app in development mode may ask for. */
const mostNewest = 10;

/** Recordings of an album are read one by one (the call for several is gone): of longer ones none. */
const mostTracks = 30;

/** Spotify's catalogue with the app's own token. Search answers few; the full facts are read of each. */
export function createSpotifyLookup({ baseUrl, settings: given, http, now }: ClientOptions): LookupClient {
  const settings = spotifySettings.parse(given);
  const api = createSpotifyApi(http, baseUrl);
  const accountsUrl = baseUrl ?? 'https://accounts.spotify.com';
  const flow = createOauth({ http, settings, now, accountsUrl });
  const access = appAccess(flow.appToken, flow.forgetAppToken);
  const album = (id: string) => readAlbum(api, access, id);

  async function albumsBy(query: string, limit: number): Promise<WorkFacts[]> {
    const path = `/v1/search?${new URLSearchParams({ q: query, type: 'album', limit: String(limit) }).toString()}`;
    const { albums } = await api.read(access, { method: 'GET', path, what: 'search' }, foundAlbums);
    const ids = albums.items.flatMap((one) => one?.id ?? []);
    return (await Promise.all(ids.map(album))).filter((one) => one !== null);
  }
  async function newestOf(artistId: string, group: string): Promise<string[]> {
    const query = new URLSearchParams({ include_groups: group, limit: String(mostNewest) });
    const path = `/v1/artists/${encodeURIComponent(artistId)}/albums?${query.toString()}`;
    const { items } = await api.read(
      access,
      { method: 'GET', path, what: 'albums of an artist' },
      artistAlbums,
    );
    return items.map(({ id }) => id);
  }
  async function tracksBy(query: string): Promise<WorkFacts[]> {
    const path = `/v1/search?${new URLSearchParams({ q: query, type: 'track', limit: '5' }).toString()}`;
    const { tracks } = await api.read(access, { method: 'GET', path, what: 'search' }, foundTracks);
    return tracks.items.flatMap((one) => (one === null ? [] : toTrack(one)));
  }

  return {
    async facts(item) {
      if (item.kind === 'album') return album(item.id);
      if (item.kind === 'track') return readItem(api, access, item, trackBody, toTrack);
      return item.kind === 'playlist' ? readItem(api, access, item, playlistBody, toPlaylist) : null;
    },
    async resolve(url) {
      const code = shortLink.exec(url.trim())?.[1];
      if (code === undefined) return null;
      const response = await sendRepeatable(http, 'Spotify', 'short link', {
        method: 'GET',
        url: baseUrl === undefined ? `https://spotify.link/${code}` : `${baseUrl}/short/${code}`,
      });
      if (response.status === 404) return null;
      if (response.status < 300 || response.status > 399)
        throw unreadable('Spotify', 'short link', response.status);
      // Only read, never followed: the answer could name any address.
      return spotifyLinks.parse(response.header('location') ?? '');
    },
    async findByUpc(upc) {
      // The zeros in front matter here.
      for (const form of gtinForms(upc)) {
        const found = await albumsBy(`upc:${form}`, 5);
        if (found.length > 0) return found;
      }
      return [];
    },
    async findByIsrc(isrc, kind) {
      const path = `/v1/search?${new URLSearchParams({ q: `isrc:${isrc}`, type: 'track', limit: '5' }).toString()}`;
      const { tracks } = await api.read(access, { method: 'GET', path, what: 'search' }, foundTracks);
      const found = tracks.items.filter((one) => one !== null);
      if (kind === 'track') return found.map(toTrack);
      const ids = [...new Set(found.flatMap((one) => one.album?.id ?? []))];
      return (await Promise.all(ids.map(album))).filter((one) => one !== null);
    },
    async releasesOf(artistId, isKnown) {
      // One kind at a time: asked for both, it lists all albums before the first single.
      const ids = await Promise.all(['album', 'single'].map((group) => newestOf(artistId, group)));
      const fresh = ids.flat().filter((id) => !isKnown(id));
      return (await Promise.all(fresh.map(album))).filter((one) => one !== null);
    },
    async search({ title, artist, kind }) {
      if (kind === 'playlist') return [];
      const query = `${kind}:${title} artist:${artist}`;
      return kind === 'album' ? albumsBy(query, 5) : tracksBy(query);
    },
  };
}

async function readItem<T>(
  api: Api,
  access: Access,
  { kind, id }: ServiceItem,
  shape: z.ZodType<T>,
  toFacts: (body: T) => WorkFacts,
): Promise<WorkFacts | null> {
  const path = `/v1/${kind}s/${encodeURIComponent(id)}`;
  const response = await api.call(access, { method: 'GET', path, what: 'look-up' }, [404, 400]);
  if (response.status !== 200) return null;
  const parsed = shape.safeParse(parseJson(response.text));
  if (!parsed.success) throw unreadable('Spotify', 'look-up', response.status);
  return toFacts(parsed.data);
}

/** With the recordings of its tracks, which the album itself does not name. */
async function readAlbum(api: Api, access: Access, id: string): Promise<WorkFacts | null> {
  let ids: string[] = [];
  const facts = await readItem(api, access, { kind: 'album', id }, albumBody, (body) => {
    ids = (body.tracks?.items ?? []).flatMap((one) => one.id ?? []);
    return toAlbum(body);
  });
  const isWhole =
    facts !== null && ids.length > 0 && ids.length <= mostTracks && ids.length === facts.trackCount;
  if (!isWhole) return facts;
  const tracks = await Promise.all(
    ids.map((track) => readItem(api, access, { kind: 'track', id: track }, trackBody, toTrack)),
  );
  const isrcs = tracks.flatMap((one) => one?.isrcs ?? []);
  return { ...facts, isrcs: isrcs.length === ids.length ? isrcs : [] };
}

function toAlbum(body: z.infer<typeof albumBody>): WorkFacts {
  const item = { kind: 'album', id: body.id } as const;
  return {
    item,
    url: spotifyLinks.url(item) ?? '',
    title: body.name,
    artists: body.artists.map(({ id, name }) => ({ id: id ?? null, name })),
    upc: body.external_ids.upc ?? body.external_ids.ean ?? null,
    isrcs: [],
    trackCount: body.total_tracks ?? null,
    releasedOn: dayOf(body),
    isExplicit: body.tracks?.items.some(({ explicit }) => explicit === true) ?? null,
    artworkUrl: body.images[0]?.url ?? null,
  };
}

function toTrack(body: z.infer<typeof trackBody>): WorkFacts {
  const item = { kind: 'track', id: body.id } as const;
  return {
    item,
    url: spotifyLinks.url(item) ?? '',
    title: body.name,
    artists: body.artists.map(({ id, name }) => ({ id: id ?? null, name })),
    upc: null,
    isrcs: body.external_ids.isrc === undefined ? [] : [body.external_ids.isrc],
    trackCount: 1,
    releasedOn: dayOf(body.album ?? {}),
    isExplicit: body.explicit ?? null,
    artworkUrl: body.album?.images?.[0]?.url ?? null,
  };
}

function toPlaylist(body: z.infer<typeof playlistBody>): WorkFacts {
  const item = { kind: 'playlist', id: body.id } as const;
  return {
    item,
    url: spotifyLinks.url(item) ?? '',
    title: body.name,
    artists: [{ id: body.owner.id ?? null, name: body.owner.display_name ?? '' }],
    upc: null,
    isrcs: [],
    trackCount: body.items?.total ?? null,
    releasedOn: null,
    isExplicit: null,
    artworkUrl: body.images[0]?.url ?? null,
  };
}

function dayOf(body: { release_date?: string | undefined; release_date_precision?: string | undefined }) {
  return body.release_date_precision === 'day' ? (body.release_date ?? null) : null;
}
