import type { FakeStore } from '../../connector.ts';

/**
 * One collection of the store with its rows in memory: reads cost no I/O once a row was seen,
 * writes go through. One process owns the store, so memory never goes stale.
 */
export interface Kept<T> {
  get(id: string): T | undefined | Promise<T | undefined>;
  put(id: string, value: T): Promise<void>;
  /** Whether it was there: of two callers at once, one hears true. `get` it first. */
  remove(id: string): Promise<boolean>;
  /** All rows, from the store: for what happens rarely. */
  list(): Promise<[id: string, value: T][]>;
}

export function keep<T>(store: FakeStore, collection: string): Kept<T> {
  const seen = new Map<string, T>();

  async function load(id: string): Promise<T | undefined> {
    // Only this file writes the collection, so its values have this type.
    const value = (await store.get(collection, id)) as T | null | undefined;
    // A write that came in between is newer than what was read.
    if (value !== undefined && value !== null && !seen.has(id)) seen.set(id, value);
    return seen.get(id);
  }

  return {
    get: (id) => seen.get(id) ?? load(id),
    async put(id, value) {
      seen.set(id, value);
      await store.put(collection, id, value);
    },
    async remove(id) {
      const wasThere = seen.delete(id);
      await store.remove(collection, id);
      return wasThere;
    },
    // As: only this file writes the collection.
    list: async () => (await store.list(collection)).map(({ id, value }) => [id, value as T]),
  };
}

/** A collection that is read whole: loaded once, in the order of first writing. */
export interface KeptList<T> {
  all(): Promise<Map<string, T>>;
  put(id: string, value: T): Promise<void>;
  remove(id: string): Promise<void>;
}

export function keepList<T>(store: FakeStore, collection: string): KeptList<T> {
  let loading: Promise<Map<string, T>> | undefined;

  function all(): Promise<Map<string, T>> {
    loading ??= store.list(collection).then(
      // Only this file writes the collection, so its values have this type.
      (rows) => new Map(rows.map(({ id, value }) => [id, value as T])),
    );
    return loading;
  }

  return {
    all,
    async put(id, value) {
      (await all()).set(id, value);
      await store.put(collection, id, value);
    },
    async remove(id) {
      if ((await all()).delete(id)) await store.remove(collection, id);
    },
  };
}
