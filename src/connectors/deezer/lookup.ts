import { z } from 'zod';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import { gtinForms, isSameGtin } from '#lib/gtin.ts';
import type { ClientOptions, LookupClient, WorkFacts } from '../connector.ts';
import { parseJson, redact, sendRepeatable, tooMany, unreadable } from '../kit/answers.ts';
import { deezerLinks, shortLink } from './links.ts';

/** Fifty calls in five seconds. */
const usualWaitMs = 5_000;

/** Deezer says what went wrong in a 200. */
const troubleBody = z.object({
  error: z.object({ code: z.number().catch(0), message: z.string().catch('') }),
});
const codes = { quota: 4, busy: 700, noData: 800 } as const;

const id = z.union([z.number(), z.string()]).transform(String);
const artist = z.object({ id, name: z.string() });
const albumBody = z.object({
  id,
  title: z.string(),
  upc: z.string().optional(),
  nb_tracks: z.number().optional(),
  release_date: z.string().optional(),
  explicit_lyrics: z.boolean().optional(),
  cover_big: z.string().nullish(),
  artist: artist.optional(),
  contributors: z.array(artist).optional(),
});
const trackBody = z.object({
  id,
  title: z.string(),
  isrc: z.string().optional(),
  release_date: z.string().optional(),
  explicit_lyrics: z.boolean().optional(),
  artist: artist.optional(),
  contributors: z.array(artist).optional(),
  album: z.object({ id, cover_big: z.string().nullish() }).optional(),
});
const playlistBody = z.object({
  id,
  title: z.string(),
  nb_tracks: z.number().optional(),
  public: z.boolean().optional(),
  picture_big: z.string().nullish(),
  creator: artist.optional(),
});
const listBody = z.object({
  data: z.array(z.object({ id, isrc: z.string().optional() })),
  total: z.number().optional(),
});

const artistAlbums = z.object({
  data: z.array(z.object({ id, record_type: z.string().optional(), release_date: z.string().optional() })),
});

const few = 5;
/** Of the list of an artist's albums, which comes in no order that is promised. */
const mostListed = 100;
const mostNewest = 20;
const mostTracks = 100;

/** Deezer's open catalogue; no key, no sign-in. */
export function createDeezerLookup({ baseUrl, http }: ClientOptions): LookupClient {
  /** Undefined: Deezer has no such thing. */
  async function read<T>(path: string, what: string, shape: z.ZodType<T>): Promise<T | undefined> {
    const url = `${baseUrl ?? 'https://api.deezer.com'}${path}`;
    const response = await sendRepeatable(http, 'Deezer', what, { method: 'GET', url });
    const { status } = response;
    if (status === 429) throw tooMany('Deezer: too many requests (429)', response, usualWaitMs);
    if (status === 404) return undefined;
    if (status >= 400 && status < 500) throw new GiveUp(`Deezer: ${what}: ${status}`);
    if (status !== 200) throw unreadable('Deezer', what, status);
    const body = parseJson(response.text);
    const trouble = troubleBody.safeParse(body);
    if (trouble.success) {
      const { code, message } = trouble.data.error;
      if (code === codes.noData) return undefined;
      const said = `Deezer: ${what}: code ${code} ${redact(message, [])}`;
      if (code === codes.quota) throw tooMany(said, response, usualWaitMs);
      throw code === codes.busy ? new RetryLater(said) : new GiveUp(said);
    }
    const parsed = shape.safeParse(body);
    if (!parsed.success) throw unreadable('Deezer', what, status);
    return parsed.data;
  }

  async function withRecordings(facts: WorkFacts): Promise<WorkFacts> {
    const path = `/album/${facts.item.id}/tracks?limit=${mostTracks}`;
    const tracks = (await read(path, 'tracks', listBody))?.data ?? [];
    const isrcs = tracks.flatMap(({ isrc }) => isrc ?? []);
    return { ...facts, isrcs: isrcs.length === facts.trackCount ? isrcs : [] };
  }
  async function album(which: string): Promise<WorkFacts | null> {
    const body = await read(`/album/${which}`, 'look-up', albumBody);
    return body === undefined ? null : withRecordings(albumFacts(body));
  }
  async function track(which: string) {
    const body = await read(`/track/${which}`, 'look-up', trackBody);
    return body === undefined ? null : { facts: trackFacts(body), albumId: body.album?.id };
  }
  async function playlist(which: string): Promise<WorkFacts | null> {
    const body = await read(`/playlist/${which}`, 'look-up', playlistBody);
    if (body?.public === false)
      throw new GiveUp('This Deezer playlist is private: only its owner can see what is in it.');
    return body === undefined ? null : playlistFacts(body);
  }

  return {
    async facts({ kind, id: which }) {
      if (!/^\d{1,15}$/.test(which)) return null;
      if (kind === 'album') return album(which);
      if (kind === 'track') return (await track(which))?.facts ?? null;
      return kind === 'playlist' ? playlist(which) : null;
    },
    async resolve(url) {
      const code = shortLink.exec(url.trim())?.[1];
      if (code === undefined) return null;
      const response = await sendRepeatable(http, 'Deezer', 'short link', {
        method: 'GET',
        url: `${baseUrl ?? 'https://link.deezer.com'}/s/${code}`,
      });
      if (response.status === 404) return null;
      if (response.status < 300 || response.status > 399)
        throw unreadable('Deezer', 'short link', response.status);
      // Only read, never followed: the answer could name any address.
      return deezerLinks.parse(response.header('location') ?? '');
    },
    async findByUpc(upc) {
      // Twelve digits first, which is what it knows; it may answer with another release.
      const forms = gtinForms(upc).sort((a, b) => Number(b.length === 12) - Number(a.length === 12));
      for (const form of forms) {
        const found = await album(`upc:${form}`);
        if (found !== null && isSameGtin(found.upc, upc)) return [found];
      }
      return [];
    },
    async findByIsrc(isrc, kind) {
      const found = await track(`isrc:${encodeURIComponent(isrc)}`);
      if (found === null) return [];
      if (kind === 'track') return [found.facts];
      const on = found.albumId === undefined ? null : await album(found.albumId);
      return on === null ? [] : [on];
    },
    async releasesOf(artistId, isKnown) {
      if (!/^\d{1,15}$/.test(artistId)) return [];
      const path = `/artist/${artistId}/albums?limit=${mostListed}`;
      const listed = (await read(path, 'albums of an artist', artistAlbums))?.data ?? [];
      const newest = listed
        .filter(({ record_type: type }) => type !== 'compile')
        .sort((a, b) => (b.release_date ?? '').localeCompare(a.release_date ?? ''))
        .slice(0, mostNewest);
      const fresh = newest.filter((one) => !isKnown(one.id));
      return (await Promise.all(fresh.map((one) => album(one.id)))).filter((one) => one !== null);
    },
    async search({ title, artist: by, kind }) {
      if (kind === 'playlist') return [];
      const q = `artist:"${by.replaceAll('"', ' ')}" ${kind}:"${title.replaceAll('"', ' ')}"`;
      const path = `/search/${kind}?${new URLSearchParams({ q, limit: String(few) }).toString()}`;
      const ids = ((await read(path, 'search', listBody))?.data ?? []).slice(0, few);
      const all = await Promise.all(
        ids.map(async ({ id: which }) => (kind === 'album' ? album(which) : (await track(which))?.facts)),
      );
      return all.filter((one) => one !== null && one !== undefined);
    },
  };
}

function albumFacts(body: z.infer<typeof albumBody>): WorkFacts {
  const item = { kind: 'album', id: body.id } as const;
  return {
    item,
    url: deezerLinks.url(item) ?? '',
    title: body.title,
    artists: artistsOf(body),
    upc: body.upc ?? null,
    isrcs: [],
    trackCount: body.nb_tracks ?? null,
    releasedOn: body.release_date ?? null,
    isExplicit: body.explicit_lyrics ?? null,
    artworkUrl: body.cover_big ?? null,
  };
}

function trackFacts(body: z.infer<typeof trackBody>): WorkFacts {
  const item = { kind: 'track', id: body.id } as const;
  return {
    item,
    url: deezerLinks.url(item) ?? '',
    title: body.title,
    artists: artistsOf(body),
    upc: null,
    isrcs: body.isrc === undefined ? [] : [body.isrc],
    trackCount: 1,
    releasedOn: body.release_date ?? null,
    isExplicit: body.explicit_lyrics ?? null,
    artworkUrl: body.album?.cover_big ?? null,
  };
}

function playlistFacts(body: z.infer<typeof playlistBody>): WorkFacts {
  const item = { kind: 'playlist', id: body.id } as const;
  return {
    item,
    url: deezerLinks.url(item) ?? '',
    title: body.title,
    artists: body.creator === undefined ? [] : [body.creator],
    upc: null,
    isrcs: [],
    trackCount: body.nb_tracks ?? null,
    releasedOn: null,
    isExplicit: null,
    artworkUrl: body.picture_big ?? null,
  };
}

type Artist = z.infer<typeof artist>;

function artistsOf(body: { artist?: Artist | undefined; contributors?: Artist[] | undefined }): Artist[] {
  if (body.contributors !== undefined && body.contributors.length > 0) return body.contributors;
  return body.artist === undefined ? [] : [body.artist];
}
