import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { ClientOptions, LookupClient, ServiceItem, WorkFacts } from '../connector.ts';
import { parseJson, sendRepeatable, unreadable } from '../kit/answers.ts';
import { appAccess } from '../kit/calls.ts';
import { createSoundcloudApi, createSoundcloudFlow } from './client.ts';
import { soundcloudSettings } from './connector.ts';
import { isSoundcloudId, shortLink, soundcloudLinks, webAddress } from './links.ts';

const user = z.object({ urn: z.string(), username: z.string() });
const dated = {
  release_day: z.number().nullish(),
  release_month: z.number().nullish(),
  release_year: z.number().nullish(),
};
const trackBody = z.object({
  urn: z.string(),
  title: z.string(),
  permalink_url: z.string(),
  user: user.optional(),
  metadata_artist: z.string().nullish(),
  isrc: z.string().nullish(),
  artwork_url: z.string().nullish(),
  sharing: z.string().nullish(),
  access: z.string().nullish(),
  ...dated,
});
const playlistBody = z.object({
  urn: z.string(),
  title: z.string(),
  permalink_url: z.string(),
  user: user.optional(),
  ean: z.string().nullish(),
  playlist_type: z.string().nullish(),
  track_count: z.number().nullish(),
  tracks: z.array(z.object({ isrc: z.string().nullish() })).catch([]),
  artwork_url: z.string().nullish(),
  sharing: z.string().nullish(),
  ...dated,
});

/** Sets that are a release; any other is somebody's playlist. */
const albumTypes = new Set(['album', 'ep', 'single', 'compilation']);
const few = '5';
const everyAccess = 'playable,preview,blocked';

/** SoundCloud's catalogue with the app's own token. It finds by words only: no bar codes, no recordings. */
export function createSoundcloudLookup(options: ClientOptions): LookupClient {
  const { baseUrl, http, now } = options;
  const settings = soundcloudSettings.parse(options.settings);
  const api = createSoundcloudApi(http, baseUrl);
  const flow = createSoundcloudFlow({ http, settings, now, baseUrl }, 'header');
  const access = appAccess(flow.appToken, flow.forgetAppToken);

  async function read<T>(path: string, shape: z.ZodType<T>): Promise<T | null> {
    const response = await api.call(access, { method: 'GET', path, what: 'look-up' }, [404]);
    if (response.status === 404) return null;
    const parsed = shape.safeParse(parseJson(response.text));
    if (!parsed.success) throw unreadable('SoundCloud', 'look-up', response.status);
    return parsed.data;
  }
  async function search<T>(of: 'tracks' | 'playlists', q: string, shape: z.ZodType<T>): Promise<T[]> {
    const query = { q, limit: few, linked_partitioning: 'true', access: everyAccess };
    const path = `/${of}?${new URLSearchParams(query).toString()}`;
    const call = { method: 'GET', path, what: 'search' } as const;
    return (await api.read(access, call, z.object({ collection: z.array(shape) }))).collection;
  }
  async function set(id: string): Promise<WorkFacts | null> {
    const path = `/playlists/${id}?show_tracks=true&access=${encodeURIComponent(everyAccess)}`;
    const body = await read(path, playlistBody);
    return body === null ? null : setFacts(body);
  }

  return {
    async facts({ kind, id }) {
      if (kind === 'artist' || !isSoundcloudId(kind, id)) return null;
      if (kind !== 'track') return set(id);
      const body = await read(`/tracks/${id}`, trackBody);
      return body === null ? null : trackFacts(body);
    },
    async resolve(text) {
      const address = webAddress((await longForm(text)) ?? '');
      if (address === undefined) return null;
      const path = `/resolve?${new URLSearchParams({ url: address }).toString()}`;
      const response = await api.call(access, { method: 'GET', path, what: 'link' }, [301, 302, 404]);
      if (response.status === 404) return null;
      if (response.status !== 302 && response.status !== 301)
        throw unreadable('SoundCloud', 'link', response.status);
      // Only read, never followed: the answer could name any address.
      const target = decodeURIComponent(response.header('location') ?? '');
      const item = soundcloudLinks.parse(/soundcloud:[a-z]+:\d+/.exec(target)?.[0] ?? '');
      // Albums and playlists have ids of one form.
      return item?.kind === 'playlist' ? ((await set(item.id))?.item ?? null) : item;
    },
    async search({ title, artist, kind }) {
      const words = `${artist} ${title}`.trim();
      if (kind === 'track') return (await search('tracks', words, trackBody)).map(trackFacts);
      const sets = (await search('playlists', words, playlistBody)).map(setFacts);
      return sets.filter(({ item }) => item.kind === kind);
    },
  };

  /** A short link's target; any other link as it is. */
  async function longForm(text: string): Promise<string | undefined> {
    const code = shortLink.exec(text.trim())?.[1];
    if (code === undefined) return text;
    const url = `${baseUrl === undefined ? 'https://on.soundcloud.com' : `${baseUrl}/short`}/${code}`;
    const response = await sendRepeatable(http, 'SoundCloud', 'short link', { method: 'GET', url });
    if (response.status === 404) return undefined;
    if (response.status < 300 || response.status > 399)
      throw unreadable('SoundCloud', 'short link', response.status);
    return response.header('location');
  }
}

function trackFacts(body: z.infer<typeof trackBody>): WorkFacts {
  if (body.sharing === 'private')
    throw new GiveUp('This SoundCloud track is private: only its owner hears it.');
  if (body.access === 'blocked')
    throw new GiveUp('SoundCloud does not play this track in the region that this server is in.');
  const { user: by, metadata_artist: named } = body;
  return {
    item: { kind: 'track', id: body.urn },
    url: body.permalink_url,
    title: body.title,
    artists: by === undefined ? [] : [{ id: by.urn, name: named ?? by.username }],
    upc: null,
    isrcs: body.isrc === undefined || body.isrc === null || body.isrc === '' ? [] : [body.isrc],
    trackCount: 1,
    releasedOn: dayOf(body),
    isExplicit: null,
    artworkUrl: body.artwork_url ?? null,
  };
}

function setFacts(body: z.infer<typeof playlistBody>): WorkFacts {
  if (body.sharing === 'private')
    throw new GiveUp('This SoundCloud playlist is private: only its owner can see what is in it.');
  const item: ServiceItem = {
    kind: albumTypes.has(body.playlist_type ?? '') ? 'album' : 'playlist',
    id: body.urn,
  };
  const isrcs = body.tracks.flatMap(({ isrc }) =>
    isrc === undefined || isrc === null || isrc === '' ? [] : [isrc],
  );
  return {
    item,
    url: body.permalink_url,
    title: body.title,
    artists: body.user === undefined ? [] : [{ id: body.user.urn, name: body.user.username }],
    upc: body.ean ?? null,
    isrcs: isrcs.length === body.track_count ? isrcs : [],
    trackCount: body.track_count ?? null,
    releasedOn: dayOf(body),
    isExplicit: null,
    artworkUrl: body.artwork_url ?? null,
  };
}

function dayOf({
  release_year: year,
  release_month: month,
  release_day: day,
}: {
  [K in keyof typeof dated]?: number | null | undefined;
}): string | null {
  if (!year || !month || !day) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
