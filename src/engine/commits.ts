import { transaction, type Db, type Tx } from '#db/database.ts';
import { acceptEntries } from './accept.ts';
import { Batcher } from './batcher.ts';
import type { AcceptResult, Entry, Ports } from './contract.ts';
import { commitIntents, type IntentEntry, type IntentVerdict } from './intents.ts';
import type { Item } from './item.ts';
import type { LaneStock } from './lane-stock.ts';
import { bookLanes, type Ride, type Ticket } from './lanes.ts';
import type { EngineMetrics } from './metrics.ts';
import { recordEntries, type Recorded, type RecordEntry } from './record.ts';

export type CommitKind = 'accept' | 'intent' | 'record';

/** Runs a flush in a transaction; tests put crashes and lost answers in here. */
export type Transact = <T>(db: Db, work: (tx: Tx) => Promise<T>, kind: CommitKind) => Promise<T>;

export interface CommitsOptions {
  db: Db;
  ports: Ports;
  metrics: EngineMetrics;
  now: (projectId: string) => Date;
  transact?: Transact;
  /** Units of wide lanes that this process holds. */
  stock: LaneStock;
  /** To whom so many new items may be leased; null: there is no room here. */
  workerWithRoom: (count: number) => string | null;
  /** Items leased to this process by a commit. */
  onLeased: (items: readonly Item[]) => void;
  /** A commit left work that nobody holds. */
  onLeftWork: () => void;
  /** A commit's answer was lost. */
  onAmbiguous: (error: unknown) => void;
}

export interface Commits {
  accept: Batcher<Entry, AcceptResult>;
  intent: Batcher<IntentEntry, IntentVerdict>;
  record: Batcher<RecordEntry, Recorded>;
  lane: Batcher<Ticket, Ride>;
}

/** The four group commits of a process. Only accepting refuses: what is under way must end. */
export function createCommits(options: CommitsOptions): Commits {
  const { db, ports, metrics, now } = options;
  const transact: Transact = options.transact ?? transaction;
  const run = async <T>(kind: CommitKind, work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await transact(db, work, kind);
    } catch (error) {
      options.onAmbiguous(error);
      throw error;
    }
  };
  return {
    accept: new Batcher({
      flush: async (projectId, entries) => {
        const worker = options.workerWithRoom(entries.length);
        const accepted = await run('accept', (tx) =>
          acceptEntries(tx, ports, projectId, entries, now(projectId), worker),
        );
        options.onLeased(accepted.leased);
        if (accepted.opened > accepted.leased.length) options.onLeftWork();
        const runs = accepted.results.reduce(
          (sum, { duplicate, runs: opened }) => sum + (duplicate ? 0 : opened.length),
          0,
        );
        metrics.accepted(entries.length, runs);
        return accepted.results;
      },
      onFlush: (entries, ms) => metrics.batch('accept', entries, ms),
    }),
    intent: new Batcher({
      maxWaiting: Infinity,
      flush: (projectId, entries) => run('intent', (tx) => commitIntents(tx, ports, projectId, entries)),
      onFlush: (entries, ms) => metrics.batch('intent', entries, ms),
    }),
    record: new Batcher({
      maxWaiting: Infinity,
      // Most commits of a run are these: under load one waits for the disk while the next is prepared.
      flushes: 2,
      flush: async (projectId, entries) => {
        const worker = options.workerWithRoom(entries.length);
        const recorded = await run('record', (tx) => recordEntries(tx, ports, projectId, entries, worker));
        for (const one of recorded) {
          if (one.state === 'lost') metrics.leaseLost();
          for (const outcome of one.outcomes) metrics.finished(outcome.status);
          options.onLeased(one.leased);
        }
        if (recorded.some((one) => one.hasLeftWork)) options.onLeftWork();
        return recorded;
      },
      onFlush: (entries, ms) => metrics.batch('record', entries, ms),
    }),
    lane: new Batcher({
      maxWaiting: Infinity,
      flush: (projectId, entries) => bookLanes(db, projectId, entries, options.stock),
      onFlush: (entries, ms) => metrics.batch('lane', entries, ms),
    }),
  };
}
