import type { CatalogueFake, FakeOptions, FakeWork } from '../connector.ts';
import { html, json } from '../kit/fake/answers.ts';
import { createCatalogue, type Catalogue, type FoundTrack } from '../kit/fake/catalogue.ts';
import { createRateWindow } from '../kit/fake/rate-window.ts';
import { createShell } from '../kit/fake/shell.ts';

export interface DeezerFake extends CatalogueFake {
  /** Calls in five seconds before it says "quota"; null: no limit. */
  limit(callsPer5Seconds: number | null): void;
}

const noData = () => trouble('DataException', 'no data', 800);
const quota = () => trouble('Exception', 'Quota limit exceeded', 4);

/** Deezer's open API: every answer is a 200, troubles too. Short links live under `/s/`. */
export function createDeezerFake({ store, now }: FakeOptions): DeezerFake {
  const catalogue = createCatalogue(store, now);
  const overRate = createRateWindow(now, 5_000);
  let limit: number | null = 50;

  const shell = createShell({
    now,
    showsQuery: () => true,
    trouble: { rateLimited: quota, error: () => trouble('Exception', 'Service busy', 700) },
    async answer(request, path, query) {
      const short = /^\/s\/(\d+)$/.exec(path)?.[1];
      if (short !== undefined) {
        const location = `https://www.deezer.com/album/${short}?host=0`;
        return new Response(null, { status: 302, headers: { location } });
      }
      if (request.method !== 'GET')
        return trouble('OAuthException', 'An active access token is required', 200);
      if (overRate(limit) !== null) return quota();
      return (await answer(catalogue, path, query)) ?? html('<!doctype html><title>404</title>', 404);
    },
  });

  return {
    ...shell,
    limit: (calls) => void (limit = calls),
    connectionSettings: () => ({}),
    addWork: (work) => catalogue.add(work),
    samples: () => ({ album: '302127', track: '3135556', playlist: '908622995', artist: '27' }),
  };
}

async function answer(
  catalogue: Catalogue,
  path: string,
  query: URLSearchParams,
): Promise<Response | undefined> {
  const [, search] = /^\/search\/(album|track)$/.exec(path) ?? [];
  if (search !== undefined) return find(catalogue, search, query);
  const artist = /^\/artist\/(\d+)\/albums$/.exec(path)?.[1];
  if (artist !== undefined) return albumsOf(catalogue, artist, query);
  const [, kind, asked = '', tracks] = /^\/(album|track|playlist)\/([^/]+)(\/tracks)?$/.exec(path) ?? [];
  if (kind === undefined) return trouble('InvalidQueryException', 'Wrong path', 600);
  const code = /^(upc|isrc):(.+)$/.exec(decodeURIComponent(asked));
  if (kind === 'track') {
    const found = code ? (await catalogue.byIsrc(code[2] ?? ''))[0] : await catalogue.findTrack(asked);
    return found === undefined ? noData() : json(toTrack(found));
  }
  const work = code
    ? await byUpc(catalogue, code[2] ?? '')
    : await catalogue.find(kind === 'album' ? 'album' : 'playlist', asked);
  if (work === undefined) return noData();
  if (tracks !== undefined)
    return json({
      data: work.tracks.map((track) => toTrack({ track, on: work })),
      total: work.tracks.length,
    });
  return json(work.kind === 'album' ? toAlbum(work) : toPlaylist(work));
}

/** Whoever has none, or is nobody, has an empty list. */
async function albumsOf(catalogue: Catalogue, artist: string, query: URLSearchParams): Promise<Response> {
  const works = (await catalogue.released()).filter(
    (work) => work.kind === 'album' && work.artistId === artist,
  );
  const data = works.map((work) => {
    const { id, title, link, release_date: day, explicit_lyrics: explicit } = toAlbum(work);
    const type = work.tracks.length > 6 ? 'album' : work.tracks.length > 3 ? 'ep' : 'single';
    return {
      id,
      title,
      link,
      release_date: day,
      record_type: type,
      explicit_lyrics: explicit,
      type: 'album',
    };
  });
  return json({ data: data.slice(0, Number(query.get('limit') ?? 25)), total: data.length });
}

/** Twelve digits, as it writes them itself. */
async function byUpc(catalogue: Catalogue, upc: string): Promise<FakeWork | undefined> {
  return (await catalogue.released()).find((work) => work.kind === 'album' && bare(work) === upc);
}

function bare({ upc }: FakeWork): string | undefined {
  return upc?.replace(/^0+/, '').padStart(12, '0');
}

async function find(catalogue: Catalogue, kind: string, query: URLSearchParams): Promise<Response> {
  const q = query.get('q');
  if (q === null) return trouble('MissingParameterException', 'Missing parameters: q', 501);
  const works = await catalogue.search(q.replaceAll(/\b(?:artist|album|track):/g, ' ').replaceAll('"', ' '));
  const albums = works.filter((work) => work.kind === 'album');
  const data =
    kind === 'album'
      ? albums.map(toAlbum)
      : albums.flatMap((on) => on.tracks.map((track) => toTrack({ track, on })));
  return json({ data: data.slice(0, Number(query.get('limit') ?? 25)), total: data.length });
}

function artistOf({ artistId, artistName }: FakeWork) {
  return { id: Number(artistId), name: artistName };
}

function coverOf({ id }: FakeWork): string {
  return `https://cdn-images.dzcdn.net/images/cover/${id}/500x500-000000-80-0-0.jpg`;
}

function toAlbum(work: FakeWork) {
  return {
    id: Number(work.id),
    title: work.title,
    upc: bare(work),
    link: `https://www.deezer.com/album/${work.id}`,
    cover_big: coverOf(work),
    nb_tracks: work.tracks.length,
    release_date: work.releaseAt.slice(0, 10),
    explicit_lyrics: work.isExplicit ?? false,
    contributors: [artistOf(work)],
    artist: artistOf(work),
    type: 'album',
  };
}

function toTrack({ track, on }: FoundTrack) {
  return {
    id: Number(track.id),
    title: track.title,
    isrc: track.isrc,
    release_date: on.releaseAt.slice(0, 10),
    explicit_lyrics: on.isExplicit ?? false,
    artist: artistOf(on),
    album: { id: Number(on.id), title: on.title, cover_big: coverOf(on) },
    type: 'track',
  };
}

function toPlaylist(work: FakeWork) {
  return {
    id: Number(work.id),
    title: work.title,
    public: work.isPrivate !== true,
    nb_tracks: work.tracks.length,
    creator: artistOf(work),
    type: 'playlist',
  };
}

function trouble(type: string, message: string, code: number): Response {
  return json({ error: { type, message, code } });
}
