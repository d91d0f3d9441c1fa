import type { FakeWork } from '../../connector.ts';
import { json } from '../../kit/fake/answers.ts';
import type { Catalogue, FoundTrack } from '../../kit/fake/catalogue.ts';
import { notFound, refusal } from './answers.ts';
import { idIn, usIdOf } from './storefronts.ts';

/** Whether a fan's library shows it; null: nobody's library was asked about. */
export type InLibrary = ((type: string, usId: string) => Promise<boolean>) | null;

interface Question {
  storefront: string;
  type: string;
  query: URLSearchParams;
  inLibrary: InLibrary;
}

const kinds: Record<string, FakeWork['kind']> = { albums: 'album', songs: 'track', playlists: 'playlist' };
/** Tracks in a page of a relationship. */
const pageSize = 300;

/** `/catalog/{storefront}/…`; undefined: no such route. */
export async function readCatalogue(
  catalogue: Catalogue,
  path: string,
  query: URLSearchParams,
  inLibrary: InLibrary,
): Promise<Response | undefined> {
  const [, country = '', artist = ''] = /^\/catalog\/([a-z]{2})\/artists\/([^/]+)\/albums$/.exec(path) ?? [];
  if (country !== '')
    return albumsOf(catalogue, artist, { storefront: country, type: 'albums', query, inLibrary });
  const [, storefront = '', type = '', id] =
    /^\/catalog\/([a-z]{2})\/(albums|songs|playlists|search)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (storefront === '') return undefined;
  const question: Question = { storefront, type, query, inLibrary };
  if (type === 'search') return search(catalogue, question);
  if (id !== undefined) {
    const found = await find(catalogue, question, id);
    return found === undefined ? notFound() : json({ data: [await toResource(found, question)] });
  }
  const asked = await byFilter(catalogue, question);
  if (asked === undefined) return refusal(400, '40005', 'Invalid Parameter Value', 'No ids or filter');
  return json({ data: await Promise.all(asked.map((found) => toResource(found, question))) });
}

/** The newest first; whoever has nothing, or is nobody, has an empty list. */
async function albumsOf(catalogue: Catalogue, artist: string, question: Question): Promise<Response> {
  const works = (await catalogue.released())
    .filter((work) => work.kind === 'album' && work.artistId === artist && isIn(work, question.storefront))
    .sort((a, b) => b.releaseAt.localeCompare(a.releaseAt));
  const shown = works.slice(0, Number(question.query.get('limit') ?? 25));
  return json({ data: await Promise.all(shown.map((work) => toResource(work, question))) });
}

type Found = FakeWork | FoundTrack | { unknown: string };

async function byFilter(catalogue: Catalogue, question: Question): Promise<Found[] | undefined> {
  const { storefront, type, query, inLibrary } = question;
  const isSold = (found: FakeWork | FoundTrack) => isIn('on' in found ? found.on : found, storefront);
  const ids = query.get('ids');
  if (ids !== null) {
    const all = await Promise.all(ids.split(',').map((id) => findAny(catalogue, question, id)));
    return all.filter((one) => one !== undefined);
  }
  const upc = query.get('filter[upc]');
  if (upc !== null && type === 'albums') {
    const works = await catalogue.released();
    return works.filter(
      (work) => work.kind === 'album' && work.upc?.padStart(14, '0') === upc && isSold(work),
    );
  }
  const isrc = query.get('filter[isrc]');
  if (isrc !== null && type === 'songs') return (await catalogue.byIsrc(isrc)).filter(isSold);
  const equivalent = query.get('filter[equivalents]');
  if (equivalent === null) return undefined;
  const found = await findAnywhere(catalogue, type, equivalent);
  if (found === undefined) return [];
  // People paste real links into a sandbox; a library takes what its catalogue never heard of.
  const isTaken = 'unknown' in found ? inLibrary !== null : isSold(found);
  return isTaken ? [found] : [];
}

/** By its id in whichever country; one that nobody entered is taken for one of the US. */
async function findAnywhere(catalogue: Catalogue, type: string, id: string): Promise<Found | undefined> {
  const candidates = [id, id.slice(0, -3)].filter((one) => one !== '');
  for (const usId of candidates) {
    const found = await findUs(catalogue, type, usId);
    if (found !== undefined) return found;
  }
  return (await catalogue.has(id)) ? undefined : { unknown: id };
}

async function find(catalogue: Catalogue, question: Question, id: string) {
  const usId = usIdOf(question.storefront, id);
  const found = usId === undefined ? undefined : await findUs(catalogue, question.type, usId);
  if (found === undefined) return undefined;
  return isIn('on' in found ? found.on : found, question.storefront) ? found : undefined;
}

/** As `find`; an id outside the catalogue stands for itself. */
async function findAny(catalogue: Catalogue, question: Question, id: string): Promise<Found | undefined> {
  const usId = usIdOf(question.storefront, id);
  if (usId === undefined) return undefined;
  return (
    (await find(catalogue, question, id)) ?? ((await catalogue.has(usId)) ? undefined : { unknown: usId })
  );
}

async function findUs(catalogue: Catalogue, type: string, usId: string) {
  if (type === 'songs') return catalogue.findTrack(usId);
  const work = await catalogue.find(kinds[type] ?? 'album', usId);
  return work?.isPrivate === true ? undefined : work;
}

async function search(catalogue: Catalogue, question: Question): Promise<Response> {
  const { query, storefront } = question;
  const term = query.get('term');
  const type = query.get('types') ?? '';
  if (term === null || kinds[type] === undefined)
    return refusal(400, '40005', 'Invalid Parameter Value', 'term and types are needed');
  const works = (await catalogue.search(term)).filter((work) => isIn(work, storefront));
  const found: Found[] =
    type === 'songs'
      ? works.flatMap((on) => on.tracks.map((track) => ({ track, on })))
      : works.filter(({ kind }) => kind === kinds[type]);
  if (found.length === 0) return json({ results: {} });
  const data = await Promise.all(found.slice(0, 5).map((one) => toResource(one, { ...question, type })));
  return json({ results: { [type]: { data } } });
}

function isIn({ markets }: FakeWork, storefront: string): boolean {
  return markets === undefined || markets.includes(storefront.toUpperCase());
}

async function toResource(found: Found, { storefront, type, query, inLibrary }: Question) {
  const usId = 'unknown' in found ? found.unknown : 'on' in found ? found.track.id : found.id;
  const id = idIn(storefront, usId);
  const include = (query.get('include') ?? '').split(',');
  const isRelated = query.get('relate') === 'library' && inLibrary !== null;
  const library = isRelated
    ? {
        library: {
          data: (await inLibrary(type, usId)) ? [{ id: `l.${usId}`, type: `library-${type}` }] : [],
        },
      }
    : {};
  if ('unknown' in found) return { id, type, attributes: { name: '' }, relationships: library };
  const work = 'on' in found ? found.on : found;
  const artist = {
    id: work.artistId,
    type: 'artists',
    // Without `include` only the ids come.
    ...(include.includes('artists') ? { attributes: { name: work.artistName } } : {}),
  };
  const artists = work.kind === 'playlist' ? {} : { artists: { data: [artist] } };
  if ('on' in found) {
    const on = [{ id: idIn(storefront, work.id), type: 'albums' }];
    const albums = work.kind === 'album' ? { albums: { data: on } } : {};
    return {
      id,
      type,
      attributes: songAttributes(found, id),
      relationships: { ...artists, ...albums, ...library },
    };
  }
  const tracks = work.tracks.slice(0, pageSize).map((track) => ({
    id: idIn(storefront, track.id),
    type: 'songs',
    attributes: songAttributes({ track, on: work }, idIn(storefront, track.id)),
  }));
  const relationships = {
    ...artists,
    ...(include.includes('tracks') ? { tracks: { data: tracks } } : {}),
    ...library,
  };
  return { id, type, attributes: workAttributes(work, storefront, id), relationships };
}

const artwork = { url: 'https://is1-ssl.mzstatic.com/image/thumb/Music/sandbox/{w}x{h}bb.jpg' };

function workAttributes(work: FakeWork, storefront: string, id: string) {
  const slug = work.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const url = `https://music.apple.com/${storefront}/${work.kind}/${slug}/${id}`;
  if (work.kind === 'playlist') return { name: work.title, curatorName: work.artistName, url, artwork };
  return {
    name: work.title,
    artistName: work.artistName,
    url,
    artwork,
    upc: work.upc?.padStart(14, '0'),
    trackCount: work.tracks.length,
    releaseDate: work.releaseAt.slice(0, 10),
    ...(work.isExplicit === true ? { contentRating: 'explicit' } : {}),
  };
}

function songAttributes({ track, on }: FoundTrack, id: string) {
  return {
    name: track.title,
    artistName: on.artistName,
    isrc: track.isrc,
    url: `https://music.apple.com/us/song/${id}`,
    releaseDate: on.releaseAt.slice(0, 10),
    artwork,
    ...(on.isExplicit === true ? { contentRating: 'explicit' } : {}),
  };
}
