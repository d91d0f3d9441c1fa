/** A map that forgets what was not used for the longest time once it holds `capacity` entries. */
export class LruCache<K, V> {
  readonly #capacity: number;
  readonly #entries = new Map<K, V>();

  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError(`capacity must be at least 1, got ${capacity}`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The stored value, or what `make` returns for it now; a `make` that throws stores nothing. */
  getOrMake(key: K, make: (key: K) => V): V {
    const found = this.#entries.get(key);
    if (found !== undefined || this.#entries.has(key)) {
      this.#entries.delete(key);
      this.#entries.set(key, found as V); // `has` has just said that the key is there
      return found as V;
    }
    const made = make(key);
    this.#entries.set(key, made);
    if (this.#entries.size > this.#capacity) this.#forgetOldest();
    return made;
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  #forgetOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
