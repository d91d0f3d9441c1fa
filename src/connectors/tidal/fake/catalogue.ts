import type { FakeWork } from '../../connector.ts';
import type { Catalogue, FoundTrack } from '../../kit/fake/catalogue.ts';
import { document, problem } from './answers.ts';

interface Resource {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: Record<string, { data: { id: string; type: string }[] }>;
}

/** What a page of related items holds. */
const pageSize = 20;

/** Reads of the catalogue; undefined: no such route. Related resources come only when asked for. */
export async function readCatalogue(
  catalogue: Catalogue,
  path: string,
  query: URLSearchParams,
): Promise<Response | undefined> {
  const single = /^\/(albums|tracks|playlists)\/([^/]+)$/.exec(path);
  const list = /^\/(albums|tracks)$/.exec(path);
  const search = /^\/searchResults\/([^/]+)\/relationships\/(albums|tracks|playlists)$/.exec(path);
  const ofArtist = /^\/artists\/([^/]+)\/relationships\/albums$/.exec(path);
  if (single === null && list === null && search === null && ofArtist === null) return undefined;
  const country = query.get('countryCode');
  if (country === null || !/^[A-Z]{2}$/.test(country))
    return problem(400, 'INVALID_COUNTRY_CODE', 'countryCode must be an ISO 3166-1 alpha-2 code');
  const include = (query.get('include') ?? '').split(',').filter(Boolean);
  if (single !== null) {
    const found = await findOne(catalogue, single[1] ?? '', single[2] ?? '', country);
    if (found === undefined) return problem(404, 'NOT_FOUND', 'The requested resource was not found');
    const included = relatedOf(found, include);
    return document({ data: toResource(found, include), ...(include.length > 0 ? { included } : {}) });
  }
  if (ofArtist !== null) return albumsOf(catalogue, ofArtist[1] ?? '', country, include, path);
  if (list !== null) return readList(catalogue, list[1] ?? '', query, country, include);
  const type = search?.[2] ?? '';
  const works = await catalogue.search(decodeURIComponent(search?.[1] ?? ''));
  const found = works.filter((work) => isIn(work, country));
  const ids =
    type === 'tracks'
      ? found.flatMap(({ tracks }) => tracks.map(({ id }) => id))
      : found.filter(({ kind }) => `${kind}s` === type).map(({ id }) => id);
  return document({ data: ids.map((id) => ({ id, type })), links: { self: path } });
}

async function readList(
  catalogue: Catalogue,
  type: string,
  query: URLSearchParams,
  country: string,
  include: readonly string[],
): Promise<Response> {
  const barcode = query.get('filter[barcodeId]');
  const isrc = query.get('filter[isrc]');
  if (type === 'albums' ? barcode === null : isrc === null)
    return problem(400, 'MISSING_FILTER', 'A filter is required');
  const found =
    type === 'albums'
      ? (await catalogue.released()).filter(
          (work) => work.kind === 'album' && work.upc?.padStart(14, '0') === barcode && isIn(work, country),
        )
      : (await catalogue.byIsrc(isrc ?? '')).filter(({ on }) => isIn(on, country));
  // One album a bar code.
  const shown = type === 'albums' ? found.slice(0, 1) : found;
  const included = shown.flatMap((one) => relatedOf(one, include));
  return document({
    data: shown.map((one) => toResource(one, include)),
    ...(include.length > 0 ? { included } : {}),
  });
}

/** Ids; the albums themselves only when asked for. A page, in the order in which they were added. */
async function albumsOf(
  catalogue: Catalogue,
  artist: string,
  country: string,
  include: readonly string[],
  path: string,
): Promise<Response> {
  const works = (await catalogue.released())
    .filter((work) => work.kind === 'album' && work.artistId === artist && isIn(work, country))
    .slice(0, pageSize);
  return document({
    data: works.map(({ id }) => ({ id, type: 'albums' })),
    links: { self: path },
    ...(include.includes('albums') ? { included: works.map(workResource) } : {}),
  });
}

async function findOne(catalogue: Catalogue, type: string, id: string, country: string) {
  if (type === 'tracks') {
    const track = await catalogue.findTrack(id);
    return track !== undefined && isIn(track.on, country) ? track : undefined;
  }
  const work = await catalogue.find(type === 'albums' ? 'album' : 'playlist', id);
  return work !== undefined && work.isPrivate !== true && isIn(work, country) ? work : undefined;
}

function isIn({ markets }: FakeWork, country: string): boolean {
  return markets === undefined || markets.includes(country);
}

function toResource(found: FakeWork | FoundTrack, include: readonly string[]): Resource {
  const bare = 'track' in found ? trackResource(found) : workResource(found);
  const links = relatedOf(found, include);
  const relationships: Resource['relationships'] = {};
  for (const name of include) {
    const type = name === 'items' ? 'tracks' : name === 'coverArt' ? 'artworks' : name;
    const data = links.filter((one) => one.type === type).map(({ id }) => ({ id, type }));
    relationships[name] = { data };
  }
  return include.length > 0 ? { ...bare, relationships } : bare;
}

function relatedOf(found: FakeWork | FoundTrack, include: readonly string[]): Resource[] {
  const work = 'track' in found ? found.on : found;
  const artist = { id: work.artistId, type: 'artists', attributes: { name: work.artistName } };
  return include.flatMap((name): Resource[] => {
    if (name === 'artists') return work.kind === 'playlist' ? [] : [artist];
    if (name === 'albums') return 'track' in found ? [workResource(work)] : [];
    if (name === 'items')
      return work.tracks.slice(0, pageSize).map((track) => trackResource({ track, on: work }));
    if (name !== 'coverArt') return [];
    const href = `https://resources.tidal.com/images/${work.id}/640x640.jpg`;
    return [{ id: `cover-${work.id}`, type: 'artworks', attributes: { files: [{ href }] } }];
  });
}

function workResource(work: FakeWork): Resource {
  const { id, kind, title, tracks } = work;
  if (kind === 'playlist')
    return { id, type: 'playlists', attributes: { name: title, numberOfItems: tracks.length } };
  return {
    id,
    type: 'albums',
    attributes: {
      title,
      barcodeId: work.upc?.padStart(14, '0') ?? null,
      numberOfItems: tracks.length,
      releaseDate: work.releaseAt.slice(0, 10),
      explicit: work.isExplicit ?? false,
      type: tracks.length > 3 ? 'ALBUM' : 'SINGLE',
    },
  };
}

function trackResource({ track, on }: FoundTrack): Resource {
  return {
    id: track.id,
    type: 'tracks',
    attributes: { title: track.title, isrc: track.isrc, explicit: on.isExplicit ?? false },
  };
}
