import type { Client as PgClient } from 'pg';
import { AmbiguousCommit, transaction, type Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';
import { acceptEntries } from './accept.ts';
import { Batcher } from './batcher.ts';
import { createBreaker } from './breaker.ts';
import { claimItems } from './claim.ts';
import type { ProjectClocks } from './clocks.ts';
import type { AcceptResult, Entry, Ports } from './contract.ts';
import { drive, type DriverDeps } from './driver.ts';
import { commitIntents, type IntentEntry, type IntentVerdict } from './intents.ts';
import type { Item } from './item.ts';
import { blockLanes, bookLanes, type Ride, type Ticket } from './lanes.ts';
import { Leases } from './leases.ts';
import { listen } from './listen.ts';
import { noMetrics, type EngineMetrics } from './metrics.ts';
import { recordEntries, type Recorded, type RecordEntry } from './record.ts';
import { defaultTiming, type Timing } from './timing.ts';

export interface EngineOptions {
  db: Db;
  /** One connection beside the pool, for heartbeats. */
  heartbeatDb: Db;
  /** Opens a connection for LISTEN. */
  connect: () => Promise<PgClient>;
  clocks: ProjectClocks;
  ports: Ports;
  log: Log;
  metrics?: EngineMetrics;
  timing?: Timing;
  /** Items in hand at once; more stay in the database. */
  maxInFlight?: number;
  /** False: accepts and opens, but leaves the work to other processes (ROLE=http). */
  isWorker?: boolean;
}

/**
 * The engine of one process. `accept` may be called in any role; a worker also drives what is due.
 * Any number of processes share one database.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #timing: Timing;
  readonly #metrics: EngineMetrics;
  readonly #maxInFlight: number;
  readonly #leases: Leases;
  readonly #accepts: Batcher<Entry, AcceptResult>;
  readonly #driver: DriverDeps;
  readonly #held = new Map<string, Item>();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #idleWaiters = new Set<() => void>();
  #stopListening: (() => Promise<void>) | undefined;
  #pumping: Promise<void> | undefined;
  #isPumpWanted = false;
  #isStopping = false;
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#timing = options.timing ?? defaultTiming;
    this.#metrics = options.metrics ?? noMetrics;
    this.#maxInFlight = options.maxInFlight ?? 512;
    this.#leases = new Leases({
      db: options.heartbeatDb,
      log: options.log,
      timing: this.#timing,
      heldIds: () => new Set(this.#held.keys()),
      callsUnderWay: () => Promise.allSettled([...this.#calls]).then(() => undefined),
      onReleased: () => this.kick(),
    });
    this.#accepts = this.#acceptBatcher();
    this.#driver = this.#driverDeps();
  }

  get isAlive(): boolean {
    return this.#leases.mayStart();
  }

  get inFlight(): number {
    return this.#held.size;
  }

  get leasesLost(): number {
    return this.#leases.lost;
  }

  async start(): Promise<void> {
    await this.#options.clocks.refresh();
    await this.#leases.start();
    this.#stopListening = await listen(this.#options.connect, this.#options.log, () => this.#onNotice());
    if (this.#isWorker) this.#schedulePoll(0);
  }

  /** Takes an event and answers after its commit; runs it opened are under way then. */
  async accept(projectId: string, entry: Entry): Promise<AcceptResult> {
    const result = await this.#accepts.add(projectId, entry);
    return result;
  }

  /** Looks for due work now instead of at the next poll. */
  kick(): void {
    if (!this.#isWorker || this.#isStopping) return;
    this.#isPumpWanted = true;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
      if (this.#isPumpWanted) this.kick();
    });
  }

  /** Starts nothing more, waits for calls under way, gives its leases back. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#pollTimer);
    await this.#stopListening?.();
    await this.#pumping;
    await this.#leases.stop();
    await Promise.race([this.#untilIdle(), sleep(this.#timing.onceTimeoutMs)]);
  }

  get #isWorker(): boolean {
    return this.#options.isWorker ?? true;
  }

  #acceptBatcher(): Batcher<Entry, AcceptResult> {
    const { db, ports, clocks } = this.#options;
    return new Batcher({
      flush: async (projectId, entries) => {
        const hasRoom = this.#hasRoomFor(entries.length);
        const worker = hasRoom ? this.#leases.worker : null;
        const accepted = await this.#guard(
          transaction(db, (tx) =>
            acceptEntries(tx, ports, projectId, entries, clocks.now(projectId), worker),
          ),
        );
        this.#take(accepted.leased);
        if (!hasRoom) this.kick();
        this.#metrics.accepted(entries.length, accepted.leased.length);
        return accepted.results;
      },
      onFlush: (entries, ms) => this.#metrics.batch('accept', entries, ms),
    });
  }

  #driverDeps(): DriverDeps {
    const { db, ports, clocks, log } = this.#options;
    const records = new Batcher<RecordEntry, Recorded>({
      maxWaiting: Infinity,
      flush: (projectId, entries) =>
        this.#guard(
          transaction(db, (tx) =>
            recordEntries(
              tx,
              ports,
              projectId,
              entries,
              this.#hasRoomFor(entries.length) ? this.#leases.worker : null,
            ),
          ),
        ),
      onFlush: (entries, ms) => this.#metrics.batch('record', entries, ms),
    });
    const intents = new Batcher<IntentEntry, IntentVerdict>({
      maxWaiting: Infinity,
      flush: (projectId, entries) =>
        this.#guard(transaction(db, (tx) => commitIntents(tx, ports, projectId, entries))),
      onFlush: (entries, ms) => this.#metrics.batch('intent', entries, ms),
    });
    const tickets = new Batcher<Ticket, Ride>({
      maxWaiting: Infinity,
      flush: (projectId, entries) => bookLanes(db, projectId, entries),
      onFlush: (entries, ms) => this.#metrics.batch('lane', entries, ms),
    });
    return {
      ports,
      timing: this.#timing,
      now: (projectId) => clocks.now(projectId),
      mayStart: () => this.#leases.mayStart() && !this.#isStopping,
      bookLanes: (projectId, ticket) => tickets.add(projectId, ticket),
      commitIntent: (projectId, entry) => intents.add(projectId, entry),
      blockLanes: (ids, until, reason) => blockLanes(db, ids, until, reason),
      breaker: createBreaker(),
      track: (call) => this.#track(call),
      onBug: (error, item) =>
        log.error({ err: error, item: item.id, kind: item.kind }, 'a step failed unexpectedly'),
      onLaneWait: () => {
        this.#metrics.laneWait();
        this.#schedulePoll(this.#timing.lanePollMs);
      },
      observeCall: (effect, ms, isOk) => this.#metrics.call(effect, ms, isOk),
      record: async (projectId, entry) => {
        const recorded = await records.add(projectId, entry);
        if (!recorded.isHeld) this.#metrics.leaseLost();
        else for (const one of recorded.outcomes) this.#metrics.finished(one.status);
        this.#take(recorded.leased);
        return recorded;
      },
    };
  }

  /** A commit whose answer was lost makes everything this process believes doubtful. */
  async #guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof AmbiguousCommit) {
        this.#leases.renew();
        void this.#leases.beat().catch(() => undefined);
      }
      throw error;
    }
  }

  #hasRoomFor(count: number): boolean {
    return (
      this.#isWorker &&
      this.#leases.mayStart() &&
      !this.#isStopping &&
      this.#held.size + count <= this.#maxInFlight
    );
  }

  #take(items: readonly Item[]) {
    for (const item of items) {
      this.#held.set(item.id, item);
      void drive(this.#driver, item)
        .catch((error: unknown) =>
          this.#options.log.warn({ err: error, item: item.id }, 'an item was dropped'),
        )
        .finally(() => this.#drop(item));
    }
  }

  #drop(item: Item) {
    if (this.#held.get(item.id) === item) this.#held.delete(item.id);
    if (this.#held.size === 0) for (const wake of this.#idleWaiters) wake();
    if (this.#held.size === this.#maxInFlight - 1 || this.#isPumpWanted) this.kick();
  }

  #track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    const forget = () => this.#calls.delete(call);
    call.then(forget, forget);
    return call;
  }

  async #pump(): Promise<void> {
    while (this.#isPumpWanted && !this.#isStopping && this.#leases.mayStart()) {
      this.#isPumpWanted = false;
      const room = this.#maxInFlight - this.#held.size;
      if (room <= 0) return;
      try {
        const claimed = await claimItems(this.#options.db, this.#leases.worker, room);
        this.#take(claimed.items);
        if (claimed.items.length >= room) this.#isPumpWanted = true;
        if (claimed.hasLaneWaiters) this.#schedulePoll(this.#timing.lanePollMs);
      } catch (error) {
        this.#options.log.warn({ err: error }, 'looking for work failed');
        return;
      }
      if (this.#isPumpWanted) await sleep(1);
    }
  }

  #schedulePoll(ms: number) {
    if (this.#isStopping || !this.#isWorker) return;
    clearTimeout(this.#pollTimer);
    this.#pollTimer = setTimeout(() => {
      this.#schedulePoll(this.#timing.pollMs);
      this.kick();
    }, ms);
    this.#pollTimer.unref();
  }

  #onNotice() {
    void this.#options.clocks.refresh().then(
      () => this.kick(),
      () => undefined,
    );
  }

  #untilIdle(): Promise<void> {
    if (this.#held.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#idleWaiters.delete(wake);
        resolve();
      };
      this.#idleWaiters.add(wake);
    });
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
