import type { FakeStore } from '../../connector.ts';

/** Phones that opted out with the provider, each from a scope: a number, or all numbers of a group. */
export interface Blocks {
  load(): Promise<void>;
  has(scope: string, phone: string): boolean;
  set(scope: string, phone: string, isBlocked: boolean): Promise<void>;
}

export function createBlocks(store: FakeStore, collection: string): Blocks {
  const blocks = new Set<string>();
  return {
    async load() {
      for (const { id } of await store.list(collection)) blocks.add(id);
    },
    has: (scope, phone) => blocks.has(`${scope}|${phone}`),
    async set(scope, phone, isBlocked) {
      const id = `${scope}|${phone}`;
      if (isBlocked) {
        blocks.add(id);
        await store.put(collection, id, true);
      } else {
        blocks.delete(id);
        await store.remove(collection, id);
      }
    },
  };
}
