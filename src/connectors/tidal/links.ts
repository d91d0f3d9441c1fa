import type { LinkForms } from '../connector.ts';

/** `tidal.com/browse/album/1`, `listen.tidal.com/album/1/u`: names in front and after do not count. */
const webLink =
  /^https?:\/\/(?:www\.|listen\.)?tidal\.com\/(?:browse\/)?(album|track|artist|playlist)\/([0-9a-f-]+)(?:\/(?:u|track\/\d+))?\/?(?:[?#].*)?$/;
const anyLink = /^https?:\/\/(?:[\w-]+\.)*tidal\.com\//;

const number = /^[1-9]\d{0,14}$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Playlists have a UUID, all else a number. */
export function isTidalId(kind: string, id: string): boolean {
  return (kind === 'playlist' ? uuid : number).test(id);
}

export const tidalLinks: LinkForms = {
  parse(text) {
    const [, kind, id = ''] = webLink.exec(text.trim()) ?? [];
    if (kind !== 'album' && kind !== 'track' && kind !== 'artist' && kind !== 'playlist') return null;
    return isTidalId(kind, id) ? { kind, id } : null;
  },
  url: ({ kind, id }) => `https://tidal.com/${kind}/${id}`,
  other: (text) =>
    anyLink.test(text.trim())
      ? { kind: 'nothing', why: 'This TIDAL link names no album, track, playlist or artist.' }
      : null,
};
