import type { LinkForms } from '../connector.ts';

const webLink =
  /^https?:\/\/(?:www\.)?deezer\.com\/(?:[a-z]{2}\/)?(album|track|artist|playlist)\/([1-9]\d{0,14})\/?(?:[?#].*)?$/;
export const shortLink =
  /^https?:\/\/(?:link\.deezer\.com\/s|deezer\.page\.link)\/([\w-]{1,64})\/?(?:[?#].*)?$/;
const anyLink = /^https?:\/\/(?:[\w-]+\.)*deezer\.(?:com|page\.link)\//;

export const deezerLinks: LinkForms = {
  parse(text) {
    const [, kind, id = ''] = webLink.exec(text.trim()) ?? [];
    if (kind !== 'album' && kind !== 'track' && kind !== 'artist' && kind !== 'playlist') return null;
    return { kind, id };
  },
  url: ({ kind, id }) => `https://www.deezer.com/${kind}/${id}`,
  other(text) {
    const trimmed = text.trim();
    if (shortLink.test(trimmed)) return { kind: 'ask' };
    return anyLink.test(trimmed)
      ? { kind: 'nothing', why: 'This Deezer link names no album, track, playlist or artist.' }
      : null;
  },
};
