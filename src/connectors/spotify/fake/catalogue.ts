import { apiError, json } from './answers.ts';
import type { FakeAlbum, FakeState } from './state.ts';

/** Page sizes: development mode has the small ones since February 2026. */
const limits = { development: { usual: 5, max: 10 }, extended: { usual: 20, max: 50 } } as const;

/** `GET /artists/{id}/albums`: released works only, newest first. */
export async function artistAlbums(
  state: FakeState,
  artistId: string,
  query: URLSearchParams,
): Promise<Response> {
  const page = readPage(state, query);
  if (page === undefined) return apiError(400, 'Invalid limit');
  const groups = query.get('include_groups')?.split(',');
  const albums = (await releasedAlbums(state))
    .filter(
      (album) => album.artistId === artistId && (groups === undefined || groups.includes(album.albumType)),
    )
    .sort((a, b) => b.releaseAt.localeCompare(a.releaseAt));
  return json(paging(albums.map(toAlbum), page));
}

/** `GET /search` by `upc:` or `isrc:`; the code is compared as it stands, zeros included. */
export async function search(state: FakeState, query: URLSearchParams): Promise<Response> {
  const page = readPage(state, query);
  if (page === undefined) return apiError(400, 'Invalid limit');
  const asked = /^(upc|isrc):(\S+)$/.exec(query.get('q') ?? '');
  const type = query.get('type');
  if (query.get('q') === null) return apiError(400, 'No search query');
  if (type !== 'album' && type !== 'track') return apiError(400, 'Bad search type field');
  const albums = await releasedAlbums(state);
  if (type === 'album') {
    const found = asked?.[1] === 'upc' ? albums.filter((album) => album.upc === asked[2]) : [];
    return json({ albums: paging(found.map(toAlbum), page) });
  }
  const isrc = asked?.[1] === 'isrc' ? asked[2]?.toUpperCase() : undefined;
  const found = albums.flatMap((album) =>
    album.tracks.filter((track) => track.isrc === isrc).map((track) => toTrack(track, album)),
  );
  return json({ tracks: paging(found, page) });
}

async function releasedAlbums(state: FakeState): Promise<FakeAlbum[]> {
  const now = state.now().toISOString();
  return [...(await state.albums.all()).values()].filter((album) => album.releaseAt <= now);
}

function readPage(state: FakeState, query: URLSearchParams): { limit: number; offset: number } | undefined {
  const { usual, max } = limits[state.settings.mode];
  const limit = Number(query.get('limit') ?? usual);
  const offset = Number(query.get('offset') ?? 0);
  const isGood =
    Number.isInteger(limit) && limit >= 1 && limit <= max && Number.isInteger(offset) && offset >= 0;
  return isGood ? { limit, offset } : undefined;
}

function paging(items: readonly unknown[], { limit, offset }: { limit: number; offset: number }) {
  return {
    items: items.slice(offset, offset + limit),
    limit,
    offset,
    total: items.length,
    next: null,
    previous: null,
  };
}

function toAlbum(album: FakeAlbum) {
  return {
    album_type: album.albumType,
    type: 'album',
    id: album.id,
    uri: `spotify:album:${album.id}`,
    name: album.name,
    release_date: album.releaseAt.slice(0, 10),
    release_date_precision: 'day',
    total_tracks: album.tracks.length,
    artists: [
      { type: 'artist', id: album.artistId, uri: `spotify:artist:${album.artistId}`, name: album.artistName },
    ],
    external_ids: album.upc === null ? {} : { upc: album.upc },
    external_urls: { spotify: `https://open.spotify.com/album/${album.id}` },
  };
}

function toTrack(track: FakeAlbum['tracks'][number], album: FakeAlbum) {
  return {
    type: 'track',
    id: track.id,
    uri: `spotify:track:${track.id}`,
    name: track.name,
    external_ids: { isrc: track.isrc },
    album: toAlbum(album),
  };
}
