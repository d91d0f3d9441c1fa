import type { FakeWork } from '../../connector.ts';
import { json } from '../../kit/fake/answers.ts';
import type { Catalogue, FoundTrack } from '../../kit/fake/catalogue.ts';
import { isSoundcloudId } from '../links.ts';
import { refusal } from './answers.ts';

/** Reads that the app's own token is good for; undefined: no such route. */
export async function readCatalogue(
  catalogue: Catalogue,
  path: string,
  query: URLSearchParams,
): Promise<Response | undefined> {
  const [, type, id = ''] = /^\/(tracks|playlists)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (path === '/resolve') return resolve(catalogue, query.get('url') ?? '');
  if (type === undefined) return undefined;
  if (id === '') return search(catalogue, type, query);
  if (!isSoundcloudId(type === 'tracks' ? 'track' : 'playlist', id)) return refusal(400, 'Not a URN');
  if (type === 'tracks') {
    const found = await catalogue.findTrack(id);
    return found === undefined || found.on.isPrivate === true ? refusal(404) : json(trackBody(found));
  }
  const set = await findSet(catalogue, id);
  return set === undefined || set.isPrivate === true ? refusal(404) : json(setBody(set));
}

async function findSet(catalogue: Catalogue, id: string): Promise<FakeWork | undefined> {
  return (await catalogue.find('album', id)) ?? catalogue.find('playlist', id);
}

async function search(catalogue: Catalogue, type: string, query: URLSearchParams): Promise<Response> {
  const q = query.get('q');
  if (q === null) return refusal(400, 'q is missing');
  const limit = Number(query.get('limit') ?? '50');
  const works = await catalogue.search(q);
  const bodies =
    type === 'tracks'
      ? works.flatMap((on) => on.tracks.map((track) => trackBody({ track, on })))
      : works.filter(({ kind }) => kind !== 'track').map(setBody);
  const shown = bodies.slice(0, limit);
  // Without it the answer is a bare list, which is deprecated.
  return json(query.get('linked_partitioning') === 'true' ? { collection: shown, next_href: null } : shown);
}

/** `302` to the resource; whose pages are private, or not out, are not there. */
async function resolve(catalogue: Catalogue, url: string): Promise<Response> {
  for (const work of await catalogue.released()) {
    if (work.isPrivate === true) continue;
    if (work.kind !== 'track' && setPage(work) === url) return redirectTo('playlists', work.id);
    if (userPage(work) === url) return redirectTo('users', work.artistId);
    for (const track of work.kind === 'playlist' ? [] : work.tracks)
      if (trackPage({ track, on: work }) === url) return redirectTo('tracks', track.id);
  }
  return refusal(404);
}

function redirectTo(type: string, urn: string): Response {
  const location = `https://api.soundcloud.com/${type}/${urn}`;
  return json({ status: '302 - Found', location }, 302, { location });
}

/** `on.soundcloud.com/NUMBER` leads to the track of that number. */
export async function shortLink(catalogue: Catalogue, code: string): Promise<Response> {
  const track = await catalogue.findTrack(`soundcloud:tracks:${code}`);
  if (track === undefined) return refusal(404);
  return new Response(null, { status: 302, headers: { location: `${trackPage(track)}?utm_source=short` } });
}

function trackBody({ track, on }: FoundTrack) {
  return {
    kind: 'track',
    urn: track.id,
    title: track.title,
    permalink_url: trackPage({ track, on }),
    isrc: track.isrc,
    metadata_artist: on.artistName,
    access: 'playable',
    ...shared(on),
  };
}

function setBody(work: FakeWork) {
  return {
    kind: 'playlist',
    urn: work.id,
    title: work.title,
    permalink_url: setPage(work),
    playlist_type: work.kind === 'playlist' ? '' : work.tracks.length > 1 ? 'album' : 'single',
    ean: null,
    track_count: work.tracks.length,
    tracks: work.tracks.map((track) => trackBody({ track, on: work })),
    ...shared(work),
  };
}

function shared(work: FakeWork) {
  const [year, month, day] = work.releaseAt.slice(0, 10).split('-').map(Number);
  return {
    user: { kind: 'user', urn: work.artistId, username: work.artistName, permalink_url: userPage(work) },
    sharing: work.isPrivate === true ? 'private' : 'public',
    artwork_url: `https://i1.sndcdn.com/artworks-${numberOf(work.id)}-large.jpg`,
    release_year: year,
    release_month: month,
    release_day: day,
  };
}

function userPage({ artistName }: FakeWork): string {
  return `https://soundcloud.com/${slug(artistName)}`;
}
function setPage(work: FakeWork): string {
  return `${userPage(work)}/sets/${slug(work.title)}-${numberOf(work.id)}`;
}
function trackPage({ track, on }: FoundTrack): string {
  return `${userPage(on)}/${slug(track.title)}-${numberOf(track.id)}`;
}
function numberOf(urn: string): string {
  return urn.slice(urn.lastIndexOf(':') + 1);
}
function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
