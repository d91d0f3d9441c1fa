import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { cancelItems } from '#engine/cancel.ts';
import type { GateRead, ItemView, Part } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { newId } from '#lib/ids.ts';
import { call, defer, part } from '../engine/verdicts.ts';
import { SimulatedProvider } from './provider.ts';
import { createRandom, seedOf, type Random } from './random.ts';

export const stepKinds = ['once', 'keyed', 'repeatable', 'local', 'defer', 'hold'] as const;
export type StepKind = (typeof stepKinds)[number];

/** One project's story: what its flow is, what happens to it, and what was promised on the way. */
export class Schedule {
  readonly seed: number;
  readonly projectId = newId();
  readonly flowId = newId();
  readonly versionId = newId();
  readonly steps: StepKind[];
  readonly fans: string[];
  readonly provider: SimulatedProvider;
  readonly stopped = new Set<string>();
  readonly cancelled = new Set<string>();
  /** Run of each event that was answered. */
  readonly runs = new Map<string, string[]>();
  readonly complaints: string[] = [];
  #pausedWith: Set<string> | null = null;
  readonly #intentsAtStop = new Map<string, Set<string>>();
  readonly #random: Random;

  constructor(seed: number) {
    this.seed = seed;
    this.#random = createRandom(seed);
    const { int, pick } = this.#random;
    this.steps = Array.from({ length: 2 + int(4) }, () => pick(stepKinds));
    this.fans = Array.from({ length: 2 + int(5) }, () => newId());
    this.provider = new SimulatedProvider(seedOf(seed, 'provider'));
  }

  get random(): Random {
    return this.#random;
  }

  gateKeys(view: ItemView): string[] {
    return ['flow', `sms:${view.fanId}`, `link:${view.fanId}`];
  }

  /** Facts are the gates themselves: closed means paused or stopped, moved means linked. */
  evaluate(view: ItemView, gates: Map<string, GateRead>): Part[] {
    const kind = this.steps[view.position - 1] ?? 'local';
    const flow = gates.get('flow');
    const sms = gates.get(`sms:${view.fanId}`);
    const link = gates.get(`link:${view.fanId}`);
    if (!flow || !sms || !link) throw new Error('a gate was not read');
    const payload = {
      fan: this.fans.indexOf(view.fanId ?? ''),
      position: view.position,
      look: view.now.getTime(),
    };
    if (kind === 'local') {
      const row = { run: view.runId, position: view.position };
      return [part({ kind: 'done', writes: [{ writer: 'local', row }] })];
    }
    if (view.kind === 'run' && flow.closed) return [part({ kind: 'hold', reason: 'flow_paused' }, [flow])];
    if (kind === 'defer') {
      if (link.seq > 0) return [part(call('repeatable', { payload }), [link])];
      const deadlineAt = new Date(view.now.getTime() + 86_400_000);
      return [part(defer({ deadlineAt, promise: `${view.fanId}:${view.position}` }), [link])];
    }
    if (kind === 'repeatable') return [part(call('repeatable', { payload }), [flow])];
    if (sms.closed) return [part({ kind: 'skip', reason: 'opted_out' }, [sms])];
    if (kind === 'hold' && view.heldSince === null) {
      const until = new Date(view.now.getTime() + 3_600_000);
      return [part({ kind: 'hold', reason: 'quiet_hours', until }, [flow, sms])];
    }
    if (kind === 'hold' && view.now.getTime() < (view.heldSince?.getTime() ?? 0) + 3_600_000) {
      const until = new Date((view.heldSince?.getTime() ?? 0) + 3_600_000);
      return [part({ kind: 'hold', reason: 'quiet_hours', until }, [flow, sms])];
    }
    const lanes = [
      { id: `sim:${this.projectId}`, cost: 1, rate: { count: 500, periodMs: 1_000, burst: 20 } },
    ];
    return [part(call(kind === 'keyed' ? 'keyed' : 'once', { payload, lanes }), [flow, sms])];
  }

  /** STOP: from this commit on no intent of this fan may appear. */
  async stop(db: Db, fanId: string): Promise<void> {
    const seen = await this.#close(db, `sms:${fanId}`, sql`fan_id = ${fanId}`);
    this.stopped.add(fanId);
    this.#intentsAtStop.set(fanId, seen);
  }

  async pause(db: Db): Promise<void> {
    this.#pausedWith = await this.#close(db, 'flow', sql`true`);
  }

  /** Resuming looks back: no intent may have appeared since the pause. */
  async resume(db: Db): Promise<void> {
    const before = this.#pausedWith;
    if (before === null) return;
    this.#pausedWith = null;
    const now = await transaction(db, async (tx) => {
      await signal(tx, this.projectId, [{ key: 'flow', closed: false }]);
      return this.#intents(tx, sql`true`);
    });
    for (const id of now)
      if (!before.has(id)) this.complaints.push(`intent ${id} appeared while the flow was paused`);
  }

  async link(db: Db, fanId: string): Promise<void> {
    await transaction(db, (tx) => signal(tx, this.projectId, [{ key: `link:${fanId}` }]));
  }

  async cancel(db: Db, fanId: string): Promise<void> {
    this.cancelled.add(fanId);
    await transaction(db, (tx) => cancelItems(tx, this.projectId, { fanId }, 'cancelled'));
  }

  /** Intents of stopped fans that are younger than their STOP. */
  async intentsAfterStop(db: Db): Promise<string[]> {
    const late: string[] = [];
    for (const [fanId, before] of this.#intentsAtStop) {
      for (const id of await this.#intents(db, sql`fan_id = ${fanId}`)) {
        if (!before.has(id)) late.push(`intent ${id} appeared after the STOP of its fan`);
      }
    }
    return late;
  }

  async #close(db: Db, key: string, whose: ReturnType<typeof sql>): Promise<Set<string>> {
    return transaction(db, async (tx) => {
      await signal(tx, this.projectId, [{ key, closed: true }]);
      // The gate is ours alone until the commit: what is here now is all that may ever be.
      return this.#intents(tx, whose);
    });
  }

  async #intents(db: Db, whose: ReturnType<typeof sql>): Promise<Set<string>> {
    const { rows } = await sql<{ id: string }>`
      select id from intent where project_id = ${this.projectId} and ${whose}`.execute(db);
    return new Set(rows.map((row) => row.id));
  }
}
