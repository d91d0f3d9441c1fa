import { isUnavailable } from './unavailable.ts';

export interface BatcherOptions<E, R> {
  /**
   * Commits a batch of one project in one transaction and answers entry by entry, in order.
   * Throws when nothing was committed.
   */
  flush(projectId: string, entries: readonly E[]): Promise<readonly R[]>;
  maxEntries?: number;
  /** Beyond this many waiting entries of a project `add` throws `Overloaded`. */
  maxWaiting?: number;
  /** Flushes of one project at a time; a further one starts only for a batch worth a commit. */
  flushes?: number;
  onFlush?: (entries: number, ms: number) => void;
}

/** What must be waiting before a second flush of the project starts beside the first. */
const worthAFlush = 64;

interface Line<E, R> {
  waiting: Waiting<E, R>[];
  flushing: number;
}

/** More is waiting than can be taken; the caller should come back in a second. */
export class Overloaded extends Error {
  override name = 'Overloaded';
}

interface Waiting<E, R> {
  entry: E;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Natural batching, one line a project. Idle: an entry is flushed at once. Under load: what
 * arrives while a flush is under way goes together with the next. No timers. Flushes of different
 * projects run side by side; of one project as many as `flushes` says, a further one only for a
 * batch worth a commit. A batch that fails is split in halves until the guilty entry stands
 * alone, and only its caller gets the error (R31); when it is the database that failed, all get it.
 */
export class Batcher<E, R> {
  readonly #options: Required<Omit<BatcherOptions<E, R>, 'onFlush'>> & Pick<BatcherOptions<E, R>, 'onFlush'>;
  readonly #lines = new Map<string, Line<E, R>>();

  constructor(options: BatcherOptions<E, R>) {
    this.#options = { maxEntries: 500, maxWaiting: 5_000, flushes: 1, ...options };
  }

  /** Resolves after the commit that holds the entry. */
  add(projectId: string, entry: E): Promise<R> {
    let line = this.#lines.get(projectId);
    if (line === undefined) {
      line = { waiting: [], flushing: 0 };
      this.#lines.set(projectId, line);
    }
    if (line.waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new Overloaded(`more than ${this.#options.maxWaiting} entries are waiting`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    line.waiting.push({ entry, resolve, reject });
    const { flushes } = this.#options;
    const isFurther = line.flushing < flushes && line.waiting.length >= worthAFlush;
    if (line.flushing === 0 || isFurther) void this.#drain(projectId, line);
    return promise;
  }

  async #drain(projectId: string, line: Line<E, R>) {
    line.flushing++;
    // What else arrives in this turn of the event loop rides along.
    await Promise.resolve();
    while (line.waiting.length > 0) {
      await this.#flush(projectId, line.waiting.splice(0, this.#options.maxEntries));
    }
    line.flushing--;
    if (line.flushing === 0) this.#lines.delete(projectId);
  }

  async #flush(projectId: string, batch: Waiting<E, R>[]): Promise<void> {
    const started = performance.now();
    try {
      const results = await this.#options.flush(
        projectId,
        batch.map((one) => one.entry),
      );
      batch.forEach((one, index) => one.resolve(results[index] as R)); // one answer an entry, by contract
      this.#options.onFlush?.(batch.length, performance.now() - started);
    } catch (error) {
      if (batch.length > 1 && !isUnavailable(error)) {
        const half = batch.length >> 1;
        await this.#flush(projectId, batch.slice(0, half));
        await this.#flush(projectId, batch.slice(half));
        return;
      }
      for (const one of batch) one.reject(error);
    }
  }
}
