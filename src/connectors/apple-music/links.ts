import type { LinkForms, ServiceItem } from '../connector.ts';

/** `music.apple.com/us/album/slug/ID`, the slug and the country may be missing; `itunes` puts `id` in front. */
const webLink =
  /^https?:\/\/(?:geo\.|beta\.)?(?:music|itunes)\.apple\.com\/(?:([a-z]{2})\/)?(album|song|artist|playlist)\/(?:[^/?#]+\/)?(?:id)?([^/?#]+)\/?(?:\?([^#]*))?(?:#.*)?$/;
const anyLink = /^https?:\/\/(?:[\w-]+\.)*(?:music|itunes)\.apple\.com(?:\/|$)/;
const ownLibrary = /^https?:\/\/music\.apple\.com\/(?:[a-z]{2}\/)?library(?:\/|$)/;

const number = /^[1-9]\d{0,14}$/;
const playlist = /^pl\.[\w-]{1,80}$/;

export function isAppleMusicId(kind: string, id: string): boolean {
  return (kind === 'playlist' ? playlist : number).test(id);
}

export const appleMusicLinks: LinkForms = {
  parse(text) {
    const [, , type, id = '', query = ''] = webLink.exec(text.trim()) ?? [];
    // An album's link with `i` names one of its tracks.
    const track = type === 'album' ? new URLSearchParams(query).get('i') : null;
    const item = track === null ? itemOf(type, id) : itemOf('song', track);
    return item !== null && isAppleMusicId(item.kind, item.id) ? item : null;
  },
  // `geo` sends every listener to the country of her own.
  url({ kind, id }) {
    return `https://geo.music.apple.com/us/${kind === 'track' ? 'song' : kind}/_/${id}`;
  },
  other(text) {
    const trimmed = text.trim();
    if (ownLibrary.test(trimmed)) return { kind: 'nothing', why: library };
    return anyLink.test(trimmed)
      ? { kind: 'nothing', why: 'This Apple Music link names no album, song, playlist or artist.' }
      : null;
  },
};

const library =
  'This link leads into your own Apple Music library, which nobody else can open. Share the album from its page in the catalogue.';

function itemOf(type: string | undefined, id: string): ServiceItem | null {
  if (type === 'song') return { kind: 'track', id };
  if (type === 'album' || type === 'artist' || type === 'playlist') return { kind: type, id };
  return null;
}
