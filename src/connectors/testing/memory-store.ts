import type { FakeStore } from '../connector.ts';

/** A `FakeStore` that lives as long as the process: for tests and benches. Values are kept, not copied. */
export function createMemoryStore(): FakeStore {
  const collections = new Map<string, Map<string, unknown>>();

  function collection(name: string): Map<string, unknown> {
    let found = collections.get(name);
    if (found === undefined) {
      found = new Map();
      collections.set(name, found);
    }
    return found;
  }

  return {
    async append(name, id, value) {
      // The database refuses a second row with the same key; so does this.
      if (collection(name).has(id)) throw new Error(`${name}/${id} exists already`);
      collection(name).set(id, value);
    },
    async put(name, id, value) {
      collection(name).set(id, value);
    },
    async get(name, id) {
      return collections.get(name)?.get(id);
    },
    async remove(name, id) {
      collections.get(name)?.delete(id);
    },
    async list(name) {
      return Array.from(collections.get(name) ?? [], ([id, value]) => ({ id, value }));
    },
  };
}
