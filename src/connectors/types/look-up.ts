import type { ServiceItem } from './streaming.ts';

/** What a service knows of a work, in its own words; null: it does not say. */
export interface WorkFacts {
  item: ServiceItem;
  url: string;
  title: string;
  /** In the order of the cover. `id` is the service's own. */
  artists: { id: string | null; name: string }[];
  /** As the service writes it: zeros in front differ, compare with `isSameGtin`. */
  upc: string | null;
  /** Of all tracks, or none; of a track its own. */
  isrcs: string[];
  trackCount: number | null;
  /** `YYYY-MM-DD`. */
  releasedOn: string | null;
  isExplicit: boolean | null;
  /** For the picker only, beside the service's name and link (R122). */
  artworkUrl: string | null;
}

/**
 * Reads the catalogue, in nobody's name. Throws the connector errors; `GiveUp` with a sentence where
 * the work exists but may not be seen (a private playlist, a region).
 */
export interface LookupClient {
  /** Null: the service has no such work. */
  facts(item: ServiceItem): Promise<WorkFacts | null>;
  /** What a link of the form `ask` names, by one question and no redirect followed; null: nothing. */
  resolve?(url: string): Promise<ServiceItem | null>;
  /** Albums with this bar code, in all the spellings that the service needs; the caller compares it once more. */
  findByUpc?(upc: string): Promise<WorkFacts[]>;
  /** Tracks with this recording; of an album: albums that hold it. */
  findByIsrc?(isrc: string, kind: 'album' | 'track'): Promise<WorkFacts[]>;
  /**
   * Albums, EPs and singles of an artist that are out, the newest of each kind; neither what she only
   * appears on nor compilations. Full facts of those that are not `isKnown`, which need no second call.
   */
  releasesOf?(artistId: string, isKnown: (id: string) => boolean): Promise<WorkFacts[]>;
  /** By words, best first, few: for a person to choose from. */
  search?(what: {
    title: string;
    artist: string;
    kind: 'album' | 'track' | 'playlist';
  }): Promise<WorkFacts[]>;
}
