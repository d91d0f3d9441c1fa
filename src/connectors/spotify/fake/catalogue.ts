import type { FakeWork } from '../../connector.ts';
import { json } from '../../kit/fake/answers.ts';
import type { FoundTrack } from '../../kit/fake/catalogue.ts';
import { apiError } from './answers.ts';
import type { FakeState } from './state.ts';

/** Page sizes: development mode has the small ones since February 2026. */
const limits = { development: { usual: 5, max: 10 }, extended: { usual: 20, max: 50 } } as const;
const idForm = /^[0-9A-Za-z]{22}$/;

type Page = { limit: number; offset: number };

/** What can be read with an app's own token; undefined: no such route. */
export async function readCatalogue(
  state: FakeState,
  path: string,
  query: URLSearchParams,
): Promise<Response | undefined> {
  if (path === '/search') return search(state, query);
  const [, resource = '', id = '', rest] =
    /^\/(albums|artists|tracks|playlists)\/([^/]+)(\/albums)?$/.exec(path) ?? [];
  if (resource === '' || (rest !== undefined && resource !== 'artists')) return undefined;
  if (!idForm.test(id)) return apiError(400, 'Invalid base62 id');
  if (resource === 'artists') return rest === undefined ? undefined : artistAlbums(state, id, query);
  return item(state, resource, id, query.get('market'));
}

async function item(
  { catalogue }: FakeState,
  resource: string,
  id: string,
  market: string | null,
): Promise<Response> {
  if (resource === 'tracks') {
    const found = await catalogue.findTrack(id);
    return found === undefined ? apiError(404, 'Resource not found') : json(toTrack(found));
  }
  const work = await catalogue.find(resource === 'albums' ? 'album' : 'playlist', id);
  // What is private, or not there for that market, is not told apart from what never was.
  if (work === undefined || work.isPrivate || !isIn(work, market)) return apiError(404, 'Resource not found');
  return json(work.kind === 'album' ? toAlbum(work) : toPlaylist(work));
}

function isIn({ markets }: FakeWork, market: string | null): boolean {
  return markets === undefined || market === null || markets.includes(market);
}

/** `GET /artists/{id}/albums`: released works only, newest first. */
async function artistAlbums(state: FakeState, artistId: string, query: URLSearchParams): Promise<Response> {
  const page = readPage(state, query);
  if (page === undefined) return apiError(400, 'Invalid limit');
  const groups = query.get('include_groups')?.split(',');
  const albums = (await state.catalogue.released())
    .filter((work) => work.kind === 'album' && work.artistId === artistId)
    .filter((work) => groups === undefined || groups.includes(albumType(work)))
    .sort((a, b) => b.releaseAt.localeCompare(a.releaseAt));
  return json(paging(albums.map(toAlbum), page));
}

/** `GET /search`: by `upc:` or `isrc:`, the code compared as it stands, zeros included; or by words. */
async function search(state: FakeState, query: URLSearchParams): Promise<Response> {
  const page = readPage(state, query);
  if (page === undefined) return apiError(400, 'Invalid limit');
  const asked = query.get('q');
  const type = query.get('type');
  if (asked === null) return apiError(400, 'No search query');
  if (type !== 'album' && type !== 'track') return apiError(400, 'Bad search type field');
  const { catalogue } = state;
  const code = /^(upc|isrc):(\S+)$/.exec(asked);
  if (type === 'track') {
    const found = code?.[1] === 'isrc' ? await catalogue.byIsrc(code[2] ?? '') : await byWords(state, asked);
    return json({ tracks: paging(found.map(toTrack), page) });
  }
  const albums = code === null ? await catalogue.search(plain(asked)) : await catalogue.released();
  const found = albums.filter((work) => work.kind === 'album' && (code === null || work.upc === code[2]));
  return json({ albums: paging(found.map(toAlbum), page) });
}

async function byWords({ catalogue }: FakeState, asked: string): Promise<FoundTrack[]> {
  const works = await catalogue.search(plain(asked));
  return works
    .filter(({ kind }) => kind !== 'playlist')
    .flatMap((on) => on.tracks.slice(0, 1).map((track) => ({ track, on })));
}

/** Without the field filters (`album:`, `artist:`) and quotes. */
function plain(asked: string): string {
  return asked.replaceAll(/\b(?:album|artist|track):/g, ' ').replaceAll('"', ' ');
}

function readPage({ settings }: FakeState, query: URLSearchParams): Page | undefined {
  const { usual, max } = limits[settings.mode];
  const limit = Number(query.get('limit') ?? usual);
  const offset = Number(query.get('offset') ?? 0);
  const isGood =
    Number.isInteger(limit) && limit >= 1 && limit <= max && Number.isInteger(offset) && offset >= 0;
  return isGood ? { limit, offset } : undefined;
}

function paging(items: readonly unknown[], { limit, offset }: Page) {
  return {
    items: items.slice(offset, offset + limit),
    limit,
    offset,
    total: items.length,
    next: null,
    previous: null,
  };
}

function albumType({ tracks }: FakeWork): 'album' | 'single' {
  return tracks.length > 3 ? 'album' : 'single';
}

function artistsOf({ artistId, artistName }: FakeWork) {
  return [{ type: 'artist', id: artistId, uri: `spotify:artist:${artistId}`, name: artistName }];
}

function toAlbum(work: FakeWork) {
  return {
    album_type: albumType(work),
    type: 'album',
    id: work.id,
    uri: `spotify:album:${work.id}`,
    name: work.title,
    release_date: work.releaseAt.slice(0, 10),
    release_date_precision: 'day',
    total_tracks: work.tracks.length,
    artists: artistsOf(work),
    images: [{ url: `https://i.scdn.co/image/${work.id}`, width: 640, height: 640 }],
    external_ids: work.upc === null ? {} : { upc: work.upc },
    external_urls: { spotify: `https://open.spotify.com/album/${work.id}` },
    tracks: {
      items: work.tracks.map(({ id, title }) => ({
        type: 'track',
        id,
        name: title,
        explicit: work.isExplicit ?? false,
        artists: artistsOf(work),
      })),
      total: work.tracks.length,
    },
  };
}

function toTrack({ track, on }: FoundTrack) {
  return {
    type: 'track',
    id: track.id,
    uri: `spotify:track:${track.id}`,
    name: track.title,
    explicit: on.isExplicit ?? false,
    external_ids: { isrc: track.isrc },
    external_urls: { spotify: `https://open.spotify.com/track/${track.id}` },
    artists: artistsOf(on),
    album: toAlbum(on),
  };
}

function toPlaylist(work: FakeWork) {
  return {
    type: 'playlist',
    id: work.id,
    uri: `spotify:playlist:${work.id}`,
    name: work.title,
    owner: { id: work.artistId, display_name: work.artistName },
    images: [],
    items: { total: work.tracks.length },
    external_urls: { spotify: `https://open.spotify.com/playlist/${work.id}` },
  };
}
