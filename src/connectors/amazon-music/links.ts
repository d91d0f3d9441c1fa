import type { LinkForms, ServiceItem } from '../connector.ts';

const kinds: Record<string, ServiceItem['kind']> = {
  albums: 'album',
  tracks: 'track',
  artists: 'artist',
  playlists: 'playlist',
};

/** One shop a country (`music.amazon.de`), all with the same ids. */
const host = String.raw`^https?:\/\/music\.amazon\.(?:com(?:\.(?:au|br|mx))?|co\.(?:jp|uk)|ca|de|es|fr|in|it)\/`;
const webLink = new RegExp(
  `${host}(albums|tracks|artists|playlists)/([A-Z0-9]{10})(?:/[^/?#]*)?/?(\\?[^#]*)?(?:#.*)?$`,
);
const anyLink = new RegExp(host);
const shortLink = /^https?:\/\/(?:amzn\.to|a\.co)\//;

export const amazonMusicLinks: LinkForms = {
  parse(text) {
    const [, plural = '', id = '', query = ''] = webLink.exec(text.trim()) ?? [];
    const kind = kinds[plural];
    if (kind === undefined) return null;
    // An album's page opened at one of its tracks.
    const track = new URLSearchParams(query).get('trackAsin');
    return kind === 'album' && track !== null && /^[A-Z0-9]{10}$/.test(track)
      ? { kind: 'track', id: track }
      : { kind, id };
  },
  url: ({ kind, id }) => `https://music.amazon.com/${kind}s/${id}`,
  other(text) {
    const trimmed = text.trim();
    if (shortLink.test(trimmed)) {
      const why = 'This is a short link of Amazon. Open it in a browser and paste the address you arrive at.';
      return { kind: 'nothing', why };
    }
    return anyLink.test(trimmed)
      ? { kind: 'nothing', why: 'This Amazon Music link names no album, track, playlist or artist.' }
      : null;
  },
};
