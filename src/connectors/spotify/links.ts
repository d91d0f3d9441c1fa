import type { LinkForms, OtherLink, ServiceItem } from '../connector.ts';

const kinds = ['album', 'track', 'artist', 'playlist'] as const;

/** Web links may carry a language (`/intl-de/`) and tracking (`?si=`). */
const webLink =
  /^https?:\/\/open\.spotify\.com\/(?:intl-[a-z]{2}(?:-[a-z]{2,4})?\/)?([a-z]+)\/([0-9A-Za-z]{22})\/?(?:[?#].*)?$/;
const uri = /^spotify:([a-z]+):([0-9A-Za-z]{22})$/;
export const shortLink = /^https?:\/\/spotify\.(?:link|app\.link)\/([\w-]{1,64})\/?(?:[?#].*)?$/;
const anyLink = /^(?:https?:\/\/(?:[\w-]+\.)*spotify\.com\/|spotify:)/;

export const spotifyLinks: LinkForms = {
  parse(text) {
    const trimmed = text.trim();
    const match = webLink.exec(trimmed) ?? uri.exec(trimmed);
    const kind = kinds.find((known) => known === match?.[1]);
    const id = match?.[2];
    return kind === undefined || id === undefined ? null : { kind, id };
  },
  url: (item) => `https://open.spotify.com/${item.kind}/${item.id}`,
  other(text): OtherLink | null {
    const trimmed = text.trim();
    if (shortLink.test(trimmed)) return { kind: 'ask' };
    if (!anyLink.test(trimmed)) return null;
    // Its id is of its own kind, which the Web API does not know.
    if (/prerelease/.test(trimmed)) return { kind: 'nothing', why: countdown };
    return { kind: 'nothing', why: 'This Spotify link names no album, track or playlist.' };
  },
};

const countdown =
  'This is a Spotify Countdown Page: what it announces cannot be looked up before it is out. Enter the release by hand with its UPC and date, and keep this link as its countdown page.';

/** `spotify:album:ID`, the form that the library calls take. */
export function toUri(item: ServiceItem): string {
  return `spotify:${item.kind}:${item.id}`;
}
