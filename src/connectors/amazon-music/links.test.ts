import { expect, it } from 'vitest';
import { amazonMusicLinks } from './links.ts';

it.each([
  ['https://music.amazon.com/albums/B0D9QWRJ5C', { kind: 'album', id: 'B0D9QWRJ5C' }],
  [
    'https://music.amazon.de/albums/B0D9QWRJ5C?trackAsin=B0D9QV1234&ref=x',
    { kind: 'track', id: 'B0D9QV1234' },
  ],
  ['https://music.amazon.co.uk/artists/B000QJLXAW/luna-vale', { kind: 'artist', id: 'B000QJLXAW' }],
  ['https://music.amazon.com/playlists/B07KFCF3T7#top', { kind: 'playlist', id: 'B07KFCF3T7' }],
  ['https://www.amazon.com/dp/B0D9QWRJ5C', null],
  ['https://music.amazon.com.evil.example/albums/B0D9QWRJ5C', null],
  ['https://music.amazon.com/albums/short', null],
])('%s', (text, item) => {
  expect(amazonMusicLinks.parse(text)).toEqual(item);
});

it('says a sentence of what it cannot read', () => {
  expect(amazonMusicLinks.other?.('https://amzn.to/3xYz')).toMatchObject({
    why: expect.stringContaining('short link'),
  });
  expect(amazonMusicLinks.other?.('https://music.amazon.com/podcasts/x')).toMatchObject({ kind: 'nothing' });
  expect(amazonMusicLinks.other?.('https://example.com/')).toBeNull();
});
