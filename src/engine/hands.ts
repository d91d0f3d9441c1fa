import type { Item } from './item.ts';

/** The items in the hands of this process, and who waits for them to be fewer. */
export class Hands {
  readonly #held = new Map<string, Item>();
  readonly #waiters = new Set<() => void>();

  get count(): number {
    return this.#held.size;
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.#held.keys());
  }

  take(item: Item): void {
    this.#held.set(item.id, item);
  }

  /** The same item may have come back under another lease: that one stays. */
  drop(item: Item): void {
    if (this.#held.get(item.id) === item) this.#held.delete(item.id);
    if (this.#held.size === 0) for (const wake of this.#waiters) wake();
  }

  /** Resolves when nothing is held. */
  async untilEmpty(): Promise<void> {
    if (this.#held.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.add(resolve);
    await promise;
    this.#waiters.delete(resolve);
  }
}
