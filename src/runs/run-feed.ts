import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { StreamEvent } from '#lib/route.ts';
import type { RunView } from './contract.ts';
import { viewRuns } from './view.ts';

export interface RunFeedOptions {
  db: Db;
  /** How old what a page shows may be. */
  everyMs?: number;
  maxStreams?: number;
}

export interface FeedFilter {
  flowId?: string | undefined;
  runId?: string | undefined;
}

const newest = 50;
const pingMs = 15_000;

/**
 * Tells live pages when runs change: the 50 newest of a project (or of one flow), and one run by
 * name. Streams with the same filter share one look at the database; a slow reader looks less often
 * and never has a backlog, since each look is at what is there then.
 */
export class RunFeed {
  readonly #db: Db;
  readonly #everyMs: number;
  readonly #maxStreams: number;
  readonly #looks = new Map<string, { atMs: number; runs: Promise<RunView[]> }>();
  readonly #closing = new AbortController();
  #streams = 0;

  constructor({ db, everyMs = 300, maxStreams = 200 }: RunFeedOptions) {
    this.#db = db;
    this.#everyMs = everyMs;
    this.#maxStreams = maxStreams;
  }

  get streams(): number {
    return this.#streams;
  }

  /** First `ready`, then open runs, then every run that changed, until `signal`. 503 beyond the most streams. */
  follow(projectId: string, filter: FeedFilter, signal: AbortSignal): AsyncIterable<StreamEvent> {
    if (this.#streams >= this.#maxStreams) {
      throw new UserError(503, 'unavailable', 'Too many live pages are open. Try again in a moment.', {
        retryAfterSeconds: 5,
      });
    }
    this.#streams++;
    return this.#events(projectId, filter, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** Ends all streams, so that a process that stops need not wait for its readers. */
  close(): void {
    this.#closing.abort();
  }

  async *#events(projectId: string, filter: FeedFilter, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    try {
      yield { event: 'ready', data: {} };
      let sent: Map<string, string> | undefined;
      let quietSinceMs = performance.now();
      while (!signal.aborted) {
        const runs = await this.#look(projectId, filter);
        const seen = new Map(runs.map((run) => [run.id, JSON.stringify(run)]));
        // Oldest first, as they happened.
        for (const run of runs.toReversed()) {
          const isNews = sent === undefined ? isOpen(run) : sent.get(run.id) !== seen.get(run.id);
          if (!isNews) continue;
          quietSinceMs = performance.now();
          yield { event: 'run', data: run };
        }
        sent = seen;
        if (performance.now() - quietSinceMs > pingMs) {
          quietSinceMs = performance.now();
          yield { event: 'ping', data: {} };
        }
        await sleep(this.#everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    } finally {
      this.#streams--;
    }
  }

  #look(projectId: string, filter: FeedFilter): Promise<RunView[]> {
    const key = `${projectId} ${filter.flowId ?? ''} ${filter.runId ?? ''}`;
    const nowMs = performance.now();
    const known = this.#looks.get(key);
    if (known !== undefined && nowMs - known.atMs < this.#everyMs) return known.runs;
    for (const [other, { atMs }] of this.#looks) if (nowMs - atMs > pingMs) this.#looks.delete(other);
    const { flowId, runId } = filter;
    const ids = runId === undefined ? {} : { ids: [runId] };
    const runs = viewRuns(this.#db, projectId, { ...ids, flowId }, { before: null, limit: newest });
    this.#looks.set(key, { atMs: nowMs, runs });
    return runs;
  }
}

function isOpen(run: RunView): boolean {
  return run.state !== 'ended' && run.state !== 'cancelled';
}
