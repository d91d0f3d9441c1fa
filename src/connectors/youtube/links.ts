import type { LinkForms, ServiceItem } from '../connector.ts';

const hosts = new Set(['youtube.com', 'www.youtube.com', 'm.youtube.com', 'music.youtube.com', 'youtu.be']);
const channelId = /^UC[\w-]{22}$/;
const videoId = /^[\w-]{11}$/;
/** An album of YouTube Music is a playlist with a name of its own. */
const albumId = /^OLAK5uy_[\w-]{33}$/;
const playlistId = /^(?:PL|FL|RD)[\w-]{10,60}$/;
const handle = /^@[\w.·-]{3,30}$/;

export function isChannelId(id: string): boolean {
  return channelId.test(id);
}

/** The `@name` of a channel's address; undefined: there is none. */
export function handleOf(text: string): string | undefined {
  const url = read(text);
  const first = decodeURIComponent(url?.pathname.split('/')[1] ?? '');
  return handle.test(first) ? first : undefined;
}

export const youtubeLinks: LinkForms = {
  parse(text) {
    const url = read(text);
    return url === undefined ? null : itemOf(url);
  },
  url({ kind, id }) {
    if (kind === 'artist') return `https://www.youtube.com/channel/${id}`;
    return kind === 'track'
      ? `https://www.youtube.com/watch?v=${id}`
      : `https://music.youtube.com/playlist?list=${id}`;
  },
  other(text) {
    const url = read(text);
    if (url === undefined) return null;
    if (handleOf(text) !== undefined) return { kind: 'ask' };
    return { kind: 'nothing', why: 'This YouTube link names no channel, video, album or playlist.' };
  },
};

function itemOf(url: URL): ServiceItem | null {
  const [first = '', second = ''] = url.pathname.split('/').slice(1);
  const list = url.searchParams.get('list') ?? '';
  const video = url.hostname === 'youtu.be' ? first : (url.searchParams.get('v') ?? '');
  if (first === 'channel') return channelId.test(second) ? { kind: 'artist', id: second } : null;
  if (videoId.test(video)) return { kind: 'track', id: video };
  if (first !== 'playlist') return null;
  if (albumId.test(list)) return { kind: 'album', id: list };
  return playlistId.test(list) ? { kind: 'playlist', id: list } : null;
}

function read(text: string): URL | undefined {
  const trimmed = text.trim();
  if (!/^https?:\/\//.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  return hosts.has(url.hostname) ? url : undefined;
}
