import type { FakeStore, FakeWork } from '../../connector.ts';
import { keepList } from './kept.ts';

export type FakeTrack = FakeWork['tracks'][number];

/** A track with the work that it is on. */
export interface FoundTrack {
  track: FakeTrack;
  on: FakeWork;
}

export interface Catalogue {
  add(work: FakeWork): Promise<void>;
  /** Whether or not it is out. */
  has(id: string): Promise<boolean>;
  /** Those that are out, in the order of adding. */
  released(): Promise<FakeWork[]>;
  find(kind: FakeWork['kind'], id: string): Promise<FakeWork | undefined>;
  findTrack(id: string): Promise<FoundTrack | undefined>;
  byIsrc(isrc: string): Promise<FoundTrack[]>;
  /** Works whose title and artist hold every word, upper and lower case alike. */
  search(words: string): Promise<FakeWork[]>;
}

/** The works of a fake; nobody finds one before its release. Each fake has its own way of writing them. */
export function createCatalogue(store: FakeStore, now: () => Date): Catalogue {
  const works = keepList<FakeWork>(store, 'works');

  async function released(): Promise<FakeWork[]> {
    const at = now().toISOString();
    return [...(await works.all()).values()].filter((work) => work.releaseAt <= at);
  }
  async function tracks(): Promise<FoundTrack[]> {
    const out = (await released()).filter(({ kind }) => kind !== 'playlist');
    return out.flatMap((on) => on.tracks.map((track) => ({ track, on })));
  }

  return {
    add: (work) => works.put(work.id, work),
    has: async (id) => (await works.all()).has(id),
    released,
    find: async (kind, id) => (await released()).find((work) => work.kind === kind && work.id === id),
    findTrack: async (id) => (await tracks()).find(({ track }) => track.id === id),
    byIsrc: async (isrc) =>
      (await tracks()).filter(({ track }) => track.isrc.toUpperCase() === isrc.toUpperCase()),
    async search(words) {
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      return (await released()).filter((work) => {
        const text = `${work.title} ${work.artistName}`.toLowerCase();
        return work.isPrivate !== true && wanted.every((word) => text.includes(word));
      });
    },
  };
}
