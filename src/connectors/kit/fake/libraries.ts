import type { FakeStore, LibraryEntry } from '../../connector.ts';
import { keepList, type KeptList } from './kept.ts';

/** What each user of a fake keeps: name of the item → when it came. */
export interface Libraries {
  of(user: string): KeptList<{ at: string }>;
  /** Adds; false: it was there, and stays as old as it is. */
  add(user: string, uri: string, at: Date): Promise<boolean>;
  /** As a player shows it; `isFollow` tells artists from works. */
  show(
    user: string,
    isFollow: (uri: string) => boolean,
  ): Promise<{ saved: LibraryEntry[]; following: LibraryEntry[] }>;
}

export function createLibraries(store: FakeStore): Libraries {
  const libraries = new Map<string, KeptList<{ at: string }>>();

  function of(user: string): KeptList<{ at: string }> {
    let library = libraries.get(user);
    if (library === undefined) {
      library = keepList(store, `library:${user}`);
      libraries.set(user, library);
    }
    return library;
  }

  return {
    of,
    async add(user, uri, at) {
      const kept = of(user);
      if ((await kept.all()).has(uri)) return false;
      await kept.put(uri, { at: at.toISOString() });
      return true;
    },
    async show(user, isFollow) {
      const rows = Array.from(await of(user).all(), ([uri, { at }]) => ({ uri, at }));
      return {
        saved: rows.filter(({ uri }) => !isFollow(uri)),
        following: rows.filter(({ uri }) => isFollow(uri)),
      };
    },
  };
}
