import type { Db } from '#db/database.ts';
import { LruCache } from '#lib/lru-cache.ts';
import { readFacts, type FanFacts } from './facts.ts';

interface Wish {
  fanId: string;
  flowId: string | null;
  resolve(facts: FanFacts | undefined): void;
  reject(error: unknown): void;
}

/**
 * Reads facts for many items at once: what is asked while a read is under way goes together with
 * the next one. Facts are kept for the later steps of the same item, which look again only when a
 * gate moved; whoever acts on them checks their gates, so that old facts can delay but never harm.
 */
export class FactsLoader {
  readonly #db: Db;
  readonly #now: (projectId: string) => Date;
  readonly #waiting = new Map<string, Wish[]>();
  readonly #reading = new Set<string>();
  readonly #kept = new LruCache<string, { facts: FanFacts | undefined }>(1_000);

  constructor(db: Db, now: (projectId: string) => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** `flowId`: whose gates are read along. Undefined: the fan is gone. */
  async load(
    projectId: string,
    fanId: string,
    flowId: string | null,
    isFreshLook: boolean,
  ): Promise<FanFacts | undefined> {
    const key = `${projectId}/${fanId}/${flowId ?? ''}`;
    const kept = this.#kept.getOrMake(key, () => ({ facts: undefined }));
    if (!isFreshLook && kept.facts !== undefined) return kept.facts;
    kept.facts = await this.#read(projectId, fanId, flowId);
    return kept.facts;
  }

  #read(projectId: string, fanId: string, flowId: string | null): Promise<FanFacts | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<FanFacts | undefined>();
    const line = this.#waiting.get(projectId);
    if (line === undefined) this.#waiting.set(projectId, [{ fanId, flowId, resolve, reject }]);
    else line.push({ fanId, flowId, resolve, reject });
    if (!this.#reading.has(projectId)) void this.#drain(projectId);
    return promise;
  }

  async #drain(projectId: string) {
    this.#reading.add(projectId);
    // The rest of this turn's wishes ride along.
    await Promise.resolve();
    for (;;) {
      const wishes = this.#waiting.get(projectId);
      if (wishes === undefined) break;
      this.#waiting.delete(projectId);
      await this.#serve(projectId, wishes);
    }
    this.#reading.delete(projectId);
  }

  async #serve(projectId: string, wishes: readonly Wish[]) {
    try {
      const flowIds = wishes.flatMap(({ flowId }) => flowId ?? []);
      const facts = await readFacts(
        this.#db,
        projectId,
        wishes.map(({ fanId }) => fanId),
        flowIds,
        this.#now(projectId),
      );
      for (const wish of wishes) wish.resolve(facts.get(wish.fanId));
    } catch (error) {
      for (const wish of wishes) wish.reject(error);
    }
  }
}
