import type { FakeStore } from '../../connector.ts';

/** Addresses that nothing is sent to any more, since they bounced or complained. */
export interface Inactive {
  load(): Promise<void>;
  has(address: string): boolean;
  add(address: string): Promise<void>;
}

const collection = 'inactive';

export function createInactive(store: FakeStore): Inactive {
  const addresses = new Set<string>();
  return {
    async load() {
      for (const { id } of await store.list(collection)) addresses.add(id);
    },
    has: (address) => addresses.has(address.toLowerCase()),
    async add(address) {
      addresses.add(address.toLowerCase());
      await store.put(collection, address.toLowerCase(), true);
    },
  };
}
