import type { Client as PgClient } from 'pg';
import { AmbiguousCommit, type Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';
import { Announcer } from './announcer.ts';
import { createBreaker } from './breaker.ts';
import { claimItems } from './claim.ts';
import type { ProjectClocks } from './clocks.ts';
import { createCommits, type Commits, type Transact } from './commits.ts';
import type { AcceptResult, Entry, Ports } from './contract.ts';
import { drive, type DriverDeps } from './driver.ts';
import { Hands } from './hands.ts';
import type { Item } from './item.ts';
import { LaneStock } from './lane-stock.ts';
import { blockLanes } from './lanes.ts';
import { Leases } from './leases.ts';
import { listen } from './listen.ts';
import { noMetrics, type EngineMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { Pump } from './pump.ts';
import { defaultTiming, type Timing } from './timing.ts';

export interface EngineOptions {
  db: Db;
  /** One connection beside the pool, for heartbeats. */
  heartbeatDb: Db;
  /** Opens a connection for LISTEN, whose errors are listened to. */
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
  /** In place of the plain transaction around each group commit; for tests that lose answers. */
  transact?: Transact;
}

/**
 * The engine of one process. `accept` may be called in any role; a worker also drives what is due.
 * Any number of processes share one database.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #timing: Timing;
  readonly #maxInFlight: number;
  readonly #isWorker: boolean;
  readonly #hands = new Hands();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #leases: Leases;
  readonly #pump: Pump;
  readonly #announcer: Announcer;
  readonly #stock = new LaneStock();
  readonly #commits: Commits;
  readonly #driver: DriverDeps;
  #stopListening: (() => Promise<void>) | undefined;
  #isStopping = false;
  #isClosed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#timing = options.timing ?? defaultTiming;
    this.#maxInFlight = options.maxInFlight ?? 512;
    this.#isWorker = options.isWorker ?? true;
    this.#announcer = new Announcer(options.db);
    this.#leases = this.#createLeases();
    this.#pump = this.#createPump();
    this.#commits = this.#createCommits();
    this.#driver = this.#createDriver();
  }

  /** Its heartbeat is good: it may act. */
  get isAlive(): boolean {
    return this.#leases.mayStart();
  }

  get inFlight(): number {
    return this.#hands.count;
  }

  get leasesLost(): number {
    return this.#leases.lost;
  }

  async start(): Promise<void> {
    await this.#options.clocks.refresh();
    await this.#leases.start();
    this.#stopListening = await listen(this.#options.connect, this.#options.log, () => this.#onNotice());
    if (this.#isWorker) this.#pump.start();
  }

  /**
   * Takes an event and answers after its commit; runs it opened are under way then. Throws
   * `Overloaded` when too much is waiting; any other error means that the caller should ask again
   * with the same key.
   */
  accept(projectId: string, entry: Entry): Promise<AcceptResult> {
    return this.#commits.accept.add(projectId, entry);
  }

  /** Looks for due work now instead of at the next poll. */
  kick(): void {
    if (this.#isWorker && !this.#isStopping) this.#pump.kick();
  }

  /** Starts nothing more, waits for calls under way and records them, gives its leases back. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#pump.stop();
    await this.#stopListening?.();
    await Promise.race([this.#hands.untilEmpty(), pause(this.#timing.onceTimeoutMs)]);
    this.#isClosed = true;
    await this.#leases.stop();
    this.#announcer.announce();
  }

  #createLeases(): Leases {
    const { heartbeatDb, log, clocks } = this.#options;
    return new Leases({
      db: heartbeatDb,
      log,
      timing: this.#timing,
      heldIds: () => this.#hands.ids,
      callsUnderWay: () => Promise.allSettled(this.#calls).then(() => undefined),
      onReleased: () => {
        this.kick();
        this.#announcer.announce();
      },
      onBeat: () => clocks.refresh(),
    });
  }

  #createPump(): Pump {
    return new Pump({
      log: this.#options.log,
      timing: this.#timing,
      maxInFlight: this.#maxInFlight,
      room: () => (this.#mayTake() ? this.#maxInFlight - this.#hands.count : 0),
      claim: (limit) => claimItems(this.#options.db, this.#leases.worker, limit),
      take: (items) => this.#take(items),
    });
  }

  #createCommits(): Commits {
    const { db, ports, clocks, transact, metrics } = this.#options;
    return createCommits({
      db,
      stock: this.#stock,
      ports,
      metrics: metrics ?? noMetrics,
      now: (projectId) => clocks.now(projectId),
      workerWithRoom: (count) =>
        this.#mayTake() && this.#hands.count + count <= this.#maxInFlight ? this.#leases.worker : null,
      onLeased: (items) => this.#take(items),
      onLeftWork: () => {
        this.kick();
        this.#announcer.announce();
      },
      onAmbiguous: (error) => this.#onAmbiguous(error),
      ...(transact === undefined ? {} : { transact }),
    });
  }

  #createDriver(): DriverDeps {
    const { db, ports, clocks, log } = this.#options;
    const metrics = this.#options.metrics ?? noMetrics;
    const { lane, intent, record } = this.#commits;
    return {
      ports,
      timing: this.#timing,
      now: (projectId) => clocks.now(projectId),
      mayAct: (item) => !this.#isStopping && this.#leases.mayAct(item.worker),
      isClosed: () => this.#isClosed,
      bookLanes: (projectId, ticket) => lane.add(projectId, ticket),
      commitIntent: (projectId, entry) => intent.add(projectId, entry),
      record: (projectId, entry) => record.add(projectId, entry),
      blockLanes: (ids, ms, reason) => {
        this.#stock.drop(ids);
        return blockLanes(db, ids, ms, reason);
      },
      breaker: createBreaker(),
      track: (call) => this.#track(call),
      onBug: (error, item) =>
        log.error({ err: error, item: item.id, kind: item.kind }, 'a step failed unexpectedly'),
      onLaneWait: () => {
        metrics.laneWait();
        if (this.#isWorker) this.#pump.pollIn(this.#timing.lanePollMs);
      },
      observeCall: (effect, ms, isOk) => metrics.call(effect, ms, isOk),
    };
  }

  #mayTake(): boolean {
    return this.#isWorker && !this.#isStopping && this.#leases.mayStart();
  }

  /** A commit whose answer was lost makes everything this process believes doubtful. */
  #onAmbiguous(error: unknown) {
    if (!(error instanceof AmbiguousCommit)) return;
    this.#leases.renew();
    void this.#leases.beat().catch(() => undefined);
  }

  #take(items: readonly Item[]) {
    for (const item of items) {
      this.#hands.take(item);
      void drive(this.#driver, item)
        .catch((error: unknown) =>
          this.#options.log.warn({ err: error, item: item.id }, 'an item was dropped'),
        )
        .finally(() => {
          this.#hands.drop(item);
          this.#pump.onRoom();
        });
    }
  }

  #track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    const forget = () => this.#calls.delete(call);
    call.then(forget, forget);
    return call;
  }

  #onNotice() {
    void this.#options.clocks.refresh().then(
      () => this.kick(),
      () => undefined,
    );
  }
}
