import type { LinkForms } from '../connector.ts';

/** Numbers alone are deprecated there; a URN says by itself what it names. */
const urn = /^soundcloud:(tracks|playlists|users):[1-9]\d{0,18}$/;
export const shortLink = /^https?:\/\/on\.soundcloud\.com\/([\w-]{1,64})\/?(?:[?#].*)?$/;
const webLink = /^https?:\/\/(?:www\.|m\.)?soundcloud\.com\/([^?#]*)/;
const anyLink = /^https?:\/\/(?:[\w-]+\.)*soundcloud\.com(?:\/|$)/;
/** The last part of a link that its owner gives to chosen people. */
const secretPart = /^s-[\w-]+$/;
/** First parts that are no person's name. */
const pages = new Set(['discover', 'stream', 'search', 'you', 'charts', 'upload', 'pages', 'feed', 'signin']);

export function isSoundcloudId(kind: string, id: string): boolean {
  const [, of] = urn.exec(id) ?? [];
  if (kind === 'track') return of === 'tracks';
  return kind === 'artist' ? of === 'users' : of === 'playlists';
}

/** What an address below `soundcloud.com` can be asked as; undefined: it is none that names something. */
export function webAddress(text: string): string | undefined {
  const parts = partsOf(text);
  const [first = '', second = ''] = parts ?? [];
  if (parts === undefined || first === '' || pages.has(first) || parts.length > 3) return undefined;
  if (parts.length === 3 && second !== 'sets') return undefined;
  return `https://soundcloud.com/${parts.join('/')}`;
}

export const soundcloudLinks: LinkForms = {
  parse(text) {
    const id = text.trim();
    const [, of] = urn.exec(id) ?? [];
    if (of === undefined) return null;
    if (of === 'tracks') return { kind: 'track', id };
    return of === 'users' ? { kind: 'artist', id } : { kind: 'playlist', id };
  },
  // Pages go by names that the number does not tell.
  url: () => null,
  other(text) {
    const trimmed = text.trim();
    if (shortLink.test(trimmed)) return { kind: 'ask' };
    if (!anyLink.test(trimmed)) return null;
    if (secretPart.test(partsOf(trimmed)?.at(-1) ?? '')) return { kind: 'nothing', why: secret };
    if (webAddress(trimmed) !== undefined) return { kind: 'ask' };
    return { kind: 'nothing', why: 'This SoundCloud link names no track, set or profile.' };
  },
};

const secret =
  'This is a private SoundCloud link: fans could not open it. Paste the public one once it is out.';

function partsOf(text: string): string[] | undefined {
  const [, path] = webLink.exec(text.trim()) ?? [];
  return path?.split('/').filter((part) => part !== '');
}
