import type { LinkForms, ServiceItem } from '../connector.ts';

const kinds = ['album', 'track', 'artist', 'playlist'] as const;

/**
 * Web links may carry a language (`/intl-de/`) and tracking (`?si=`). A countdown page
 * (`/prerelease/ID`) has an id of its own that the Web API does not know, so it names nothing here.
 */
const webLink =
  /^https?:\/\/open\.spotify\.com\/(?:intl-[a-z]{2}(?:-[a-z]{2,4})?\/)?([a-z]+)\/([0-9A-Za-z]{22})\/?(?:[?#].*)?$/;
const uri = /^spotify:([a-z]+):([0-9A-Za-z]{22})$/;

export const spotifyLinks: LinkForms = {
  parse(text) {
    const trimmed = text.trim();
    const match = webLink.exec(trimmed) ?? uri.exec(trimmed);
    const kind = kinds.find((known) => known === match?.[1]);
    const id = match?.[2];
    return kind === undefined || id === undefined ? null : { kind, id };
  },
  url: (item) => `https://open.spotify.com/${item.kind}/${item.id}`,
};

/** `spotify:album:ID`, the form that the library calls take. */
export function toUri(item: ServiceItem): string {
  return `spotify:${item.kind}:${item.id}`;
}
