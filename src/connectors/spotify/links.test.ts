import { describe, expect, it } from 'vitest';
import { spotifyLinks, toUri } from './links.ts';

const id = '4aawyAB9vmqN3uQ7FjRGTy';

describe('links', () => {
  it.each([
    [`https://open.spotify.com/album/${id}`, 'album'],
    [`https://open.spotify.com/intl-de/track/${id}?si=abc`, 'track'],
    [`https://open.spotify.com/intl-pt-br/artist/${id}/`, 'artist'],
    [`http://open.spotify.com/playlist/${id}#x`, 'playlist'],
    [`  spotify:album:${id}\n`, 'album'],
  ])('%s', (text, kind) => {
    expect(spotifyLinks.parse(text)).toEqual({ kind, id });
  });

  it.each([
    `https://open.spotify.com/prerelease/${id}`,
    `spotify:prerelease:${id}`,
    `https://open.spotify.com/user/${id}`,
    `https://open.spotify.com.evil.example/album/${id}`,
    `https://evil.example/?u=https://open.spotify.com/album/${id}`,
    `https://open.spotify.com/album/${id}extra`,
    'https://open.spotify.com/album/short',
    `spotify:album:${id}:more`,
    '',
  ])('names nothing: %s', (text) => {
    expect(spotifyLinks.parse(text)).toBeNull();
  });

  it('knows its own links that cannot be read here', () => {
    expect(spotifyLinks.other?.('https://spotify.link/AbC123')).toEqual({ kind: 'ask' });
    const countdown = spotifyLinks.other?.(`https://open.spotify.com/prerelease/${id}`);
    expect(countdown).toMatchObject({ kind: 'nothing', why: expect.stringContaining('Countdown Page') });
    expect(spotifyLinks.other?.(`https://open.spotify.com/user/${id}`)).toMatchObject({ kind: 'nothing' });
    expect(spotifyLinks.other?.('https://example.com/')).toBeNull();
    expect(spotifyLinks.other?.(`https://open.spotify.com.evil.example/album/${id}`)).toBeNull();
  });

  it('writes what it reads', () => {
    const item = { kind: 'album', id } as const;
    expect(spotifyLinks.parse(spotifyLinks.url(item) ?? '')).toEqual(item);
    expect(spotifyLinks.parse(toUri(item))).toEqual(item);
  });
});
