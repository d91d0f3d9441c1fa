import type { getRelease } from '#releases/contract.ts';
import type { ResponseOf } from '../call.ts';
import type { PosterContent } from './draw.ts';

/** The largest form of a release's cover; null where it has none. */
export function artworkOf(release: ResponseOf<typeof getRelease> | undefined): PosterContent['artwork'] {
  const artwork = release?.artwork ?? null;
  const largest = artwork?.images.at(-1);
  return artwork === null || largest === undefined ? null : { url: largest.url, colour: artwork.colour };
}
