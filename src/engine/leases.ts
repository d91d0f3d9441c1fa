import { hostname } from 'node:os';
import { sql, type RawBuilder } from 'kysely';
import { asJson } from './as-json.ts';
import { uptime } from './monotonic.ts';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { Log } from '#lib/log.ts';
import type { Timing } from './timing.ts';

export interface LeasesOptions {
  /** A connection of its own: a heartbeat must not wait behind flushes. */
  db: Db;
  log: Log;
  timing: Timing;
  /** Ids of the items in the hands of this process. */
  heldIds: () => ReadonlySet<string>;
  /** Resolves when every call that is under way now has ended. */
  callsUnderWay: () => Promise<void>;
  /** Leases of dead workers were released: there is work to claim. */
  onReleased: () => void;
  /** After every good heartbeat. */
  onBeat: () => Promise<void>;
}

interface Lease {
  project_id: string;
  id: string;
  worker: string;
  lease: number;
}

/**
 * This process's right to act. The fence is (worker, lease): the worker id is new for every
 * incarnation, the lease grows with every claim, and every statement that changes an item names
 * both. A process that cannot prove that it lives stops starting calls before anybody else may
 * take over its work.
 */
export class Leases {
  readonly #options: LeasesOptions;
  #worker = newId();
  #isRegistered = false;
  #lastGoodMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #isStopped = false;
  #orphansSeen = new Set<string>();
  #acknowledged = 0;
  #lost = 0;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  get worker(): string {
    return this.#worker;
  }

  /** How often this process had to take a new identity. */
  get lost(): number {
    return this.#lost;
  }

  async start(): Promise<void> {
    await this.beat();
    this.#schedule();
  }

  /** True while this process has proved lately that it lives. */
  mayStart(): boolean {
    return !this.#isStopped && uptime() - this.#lastGoodMs < this.#options.timing.startStopMs;
  }

  /** Whether work leased to `worker` may still be acted upon: an earlier identity's may not. */
  mayAct(worker: string): boolean {
    return worker === this.#worker && this.mayStart();
  }

  /** Everything believed so far may be wrong: a new identity, whose predecessor's leases run out. */
  renew(): void {
    this.#worker = newId();
    this.#isRegistered = false;
    this.#lastGoodMs = -Infinity;
    this.#acknowledged = 0;
    this.#lost++;
  }

  /** The last word: gives back what is still leased to this process, and its row. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#beating?.catch(() => undefined);
    try {
      const rows = await this.#leasedTo(sql`w.worker = ${this.#worker}`);
      await this.#releaseAll(rows);
      await sql`delete from worker where id = ${this.#worker}`.execute(this.#options.db);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'leases were not given back; they will run out');
    }
  }

  #schedule() {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.beat()
        .catch((error: unknown) => this.#options.log.warn({ err: error }, 'heartbeat failed'))
        .finally(() => this.#schedule());
    }, this.#options.timing.heartbeatMs);
    this.#timer.unref();
  }

  /** One heartbeat and what goes with it. Called by the timer; tests may call it. */
  async beat(): Promise<void> {
    const { db, timing } = this.#options;
    const worker = this.#worker;
    // Taken before the statement leaves: time lost on the way counts against us.
    const sentMs = uptime();
    if (this.#isRegistered) {
      const { rows } = await sql`
        update worker set beat_at = clock_timestamp(), acknowledged = ${this.#acknowledged}
         where id = ${worker} and beat_at > clock_timestamp() - ${timing.leaseMs} * interval '1 millisecond'
        returning id`.execute(db);
      if (rows.length === 0 && worker === this.#worker) this.renew();
    }
    if (!this.#isRegistered) await this.#register(this.#worker);
    if (worker === this.#worker || this.#isRegistered) this.#lastGoodMs = sentMs;
    await this.#releaseDead();
    await this.#acknowledgeMark();
    await this.#options.onBeat();
  }

  async #register(worker: string) {
    await sql`insert into worker (id, host) values (${worker}, ${hostname()}) on conflict do nothing`.execute(
      this.#options.db,
    );
    if (worker === this.#worker) this.#isRegistered = true;
  }

  /** Frees what dead workers hold, and what is leased to us though we do not hold it. */
  async #releaseDead() {
    const { db, timing } = this.#options;
    await sql`
      delete from worker
       where beat_at < clock_timestamp() - ${timing.leaseMs} * interval '1 millisecond'`.execute(db);
    const rows = await this.#leasedTo(
      sql`w.worker = ${this.#worker} or not exists (select 1 from worker k where k.id = w.worker)`,
    );
    const free = [...rows.filter((row) => row.worker !== this.#worker), ...this.#orphans(rows)];
    if (free.length === 0) return;
    await this.#releaseAll(free);
    this.#options.onReleased();
  }

  async #leasedTo(condition: RawBuilder<unknown>): Promise<Lease[]> {
    const { rows } = await sql<Lease>`
      select w.project_id, w.id, w.worker, w.lease from work w
       where w.state = 1 and (${condition})`.execute(this.#options.db);
    return rows;
  }

  async #releaseAll(rows: readonly Lease[]) {
    for (const [projectId, group] of Map.groupBy(rows, (row) => row.project_id)) {
      await this.#release(projectId, group);
    }
  }

  /**
   * Leased to us at two heartbeats in a row without being in our hands: the answer of the commit
   * that leased it was lost. (Once is no proof: the answer may be on its way.)
   */
  #orphans(rows: readonly Lease[]): Lease[] {
    const held = this.#options.heldIds();
    const suspects = rows.filter((row) => row.worker === this.#worker && !held.has(row.id));
    const keyOf = (row: Lease) => `${row.id}/${row.lease}`;
    const orphans = suspects.filter((row) => this.#orphansSeen.has(keyOf(row)));
    this.#orphansSeen = new Set(suspects.map(keyOf));
    return orphans;
  }

  async #release(projectId: string, rows: readonly Lease[]) {
    const list = rows.map(({ id, worker, lease }) => ({ id, worker, lease }));
    await sql`
      update work w set state = 0, worker = null, due_at = '-infinity', not_before = null
        from json_to_recordset(${asJson(list)}::json) as r(id uuid, worker uuid, lease bigint)
       where w.project_id = ${projectId} and w.id = r.id and w.worker = r.worker and w.lease = r.lease
         and w.state = 1`.execute(this.#options.db);
  }

  /** Says that no call is under way any more that was started before the newest control mark. */
  async #acknowledgeMark() {
    const { rows } = await sql<{ mark: number }>`
      select case when is_called then last_value else 0 end as mark from control_mark`.execute(
      this.#options.db,
    );
    const mark = rows[0]?.mark ?? 0;
    if (mark <= this.#acknowledged) return;
    const worker = this.#worker;
    void this.#options.callsUnderWay().then(() => {
      if (worker === this.#worker) this.#acknowledged = Math.max(this.#acknowledged, mark);
    });
  }
}
