import { sql } from 'kysely';
import { AmbiguousCommit, transaction, type Db } from '#db/database.ts';
import { createPool, type Pool } from '#db/pool.ts';
import type { Transact } from '#engine/commits.ts';
import type { Ports } from '#engine/contract.ts';
import { readGates } from '#engine/gates.ts';
import { startEngine, testEntry, testTiming } from '../engine/rig.ts';
import { check } from './check.ts';
import { simulatedEffects } from './provider.ts';
import { createRandom, seedOf, type Random } from './random.ts';
import { Schedule } from './schedule.ts';

type Rig = Awaited<ReturnType<typeof startEngine>>;
interface Slot {
  rig: Rig;
  isDead: boolean;
}

const never = new Promise<never>(() => undefined);
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * A database, several engines that die and are replaced, and any number of schedules at once, each
 * a project of its own. What happens to a schedule follows from its seed; when the engines die, from
 * the universe's.
 */
export class Universe {
  readonly #pool: Pool;
  readonly #url: string;
  readonly #schedules = new Map<string, Schedule>();
  readonly #slots: Slot[] = [];
  readonly #random: Random;
  #isOver = false;
  #chaos: Promise<void> | undefined;

  constructor(url: string, seed: number) {
    this.#url = url;
    this.#random = createRandom(seedOf(seed, 'universe'));
    this.#pool = createPool({ url, max: 10 });
  }

  async start(): Promise<void> {
    await sql`
      create table if not exists sim_local (project_id uuid not null, run uuid not null, position int not null)`.execute(
      this.#pool.db,
    );
    for (let at = 0; at < 3; at++) this.#slots.push(await this.#bear());
    this.#chaos = this.#spreadChaos();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#chaos;
    await Promise.all(this.#slots.map((slot) => slot.rig.close()));
    await this.#pool.close();
  }

  /** Plays one schedule to its end; what it found wrong. */
  async play(seed: number): Promise<string[]> {
    const schedule = new Schedule(seed);
    this.#schedules.set(schedule.projectId, schedule);
    try {
      await this.#events(schedule);
      await this.#finish(schedule);
      return await check(schedule, this.#pool.db);
    } finally {
      this.#schedules.delete(schedule.projectId);
    }
  }

  async #events(schedule: Schedule): Promise<void> {
    const { random, fans } = schedule;
    const db = this.#pool.db;
    const under: Promise<unknown>[] = [];
    for (let at = 0; at < 8 + random.int(14); at++) {
      const fanId = random.pick(fans);
      const what = random.next();
      if (what < 0.5) under.push(this.#accept(schedule, `${at}`, fanId));
      else if (what < 0.6) under.push(this.#accept(schedule, `${random.int(at + 1)}`, fanId));
      else if (what < 0.68) under.push(schedule.link(db, fanId));
      else if (what < 0.74) under.push(schedule.stop(db, fanId));
      else if (what < 0.8) await schedule.resume(db).then(() => schedule.pause(db));
      else if (what < 0.87) await schedule.resume(db);
      else if (what < 0.92) under.push(schedule.cancel(db, fanId));
      else await this.#advance(schedule, 1_800_000 * (1 + random.int(3)));
      await wait(random.int(40));
    }
    await Promise.all(under);
  }

  /** As a provider does: asks again until it is answered, now and then although it was. */
  async #accept(schedule: Schedule, key: string, fanId: string): Promise<void> {
    const entry = testEntry(key, fanId);
    for (;;) {
      const { rig, isDead } = this.#random.pick(this.#slots);
      const answer = isDead
        ? undefined
        : await Promise.race([
            rig.engine.accept(schedule.projectId, entry).catch(() => undefined),
            wait(1_000),
          ]);
      if (answer) return void schedule.runs.set(key, answer.runs);
      await wait(20);
    }
  }

  /** All that was waited for happens: the flow resumes, some fans link, time passes. */
  async #finish(schedule: Schedule): Promise<void> {
    const db = this.#pool.db;
    await schedule.resume(db);
    for (const fanId of schedule.fans) if (schedule.random.chance(0.5)) await schedule.link(db, fanId);
    // Long: beside other tests the engines may get hardly any of the processor, and their leases are short.
    const deadline = Date.now() + 45_000;
    for (let at = 0; ; at++) {
      const { rows } = await sql`select 1 from work where project_id = ${schedule.projectId} limit 1`.execute(
        db,
      );
      if (rows.length === 0) return;
      if (Date.now() > deadline) {
        schedule.complaints.push('work was left after forty-five seconds');
        return;
      }
      if (at % 10 === 9) await this.#advance(schedule, 2 * 86_400_000);
      await wait(30);
    }
  }

  async #advance(schedule: Schedule, ms: number): Promise<void> {
    const living = this.#slots.find((slot) => !slot.isDead);
    await living?.rig.clocks.advance(schedule.projectId, ms).catch(() => undefined);
  }

  /** Now and then an engine dies without a word, and all connections are cut. */
  async #spreadChaos(): Promise<void> {
    while (!this.#isOver) {
      await wait(150 + this.#random.int(400));
      const at = this.#random.int(this.#slots.length);
      const slot = this.#slots[at];
      if (slot === undefined || this.#isOver) continue;
      slot.isDead = true;
      // What a killed process held open is closed by its kernel.
      await slot.rig.bury();
      this.#slots[at] = await this.#bear();
    }
  }

  async #bear(): Promise<Slot> {
    const life = { isDead: false };
    const live = () => (life.isDead ? never : Promise.resolve());
    const lose = this.#loseAnswers(live);
    const rig = await startEngine(this.#url, (db) => this.#ports(db, live), {
      timing: testTiming,
      transact: lose,
    });
    return Object.assign(life, { rig });
  }

  /** A few commits go wrong: before they happen, or only for the one who waits for the answer. */
  #loseAnswers(live: () => Promise<void>): Transact {
    return async (db, work) => {
      const fate = this.#random.next();
      await live();
      if (fate < 0.005) throw new AmbiguousCommit('lost on the way there');
      const result = await transaction(db, work);
      await live();
      if (fate > 0.995) throw new AmbiguousCommit('lost on the way back');
      return result;
    };
  }

  #ports(db: Db, live: () => Promise<void>): Ports {
    const of = (projectId: string) => {
      const schedule = this.#schedules.get(projectId);
      if (schedule === undefined) throw new Error('this schedule is over');
      return schedule;
    };
    return {
      plan: (projectId) =>
        Promise.resolve({ steps: of(projectId).steps.map((step) => ({ step, stopOnFailure: false })) }),
      evaluate: async (view) => {
        await live();
        const schedule = of(view.projectId);
        return schedule.evaluate(view, await readGates(db, view.projectId, schedule.gateKeys(view)));
      },
      admit: (_tx, projectId, entries) => {
        const { flowId, versionId } = of(projectId);
        return Promise.resolve(
          entries.map(({ entry }) => ({
            fanId: typeof entry.payload['fanId'] === 'string' ? entry.payload['fanId'] : null,
            type: entry.type,
            subject: {},
            candidates: [
              {
                flowId,
                flowVersionId: versionId,
                reentry: { policy: 'always' as const },
                priority: 2,
                data: {},
              },
            ],
          })),
        );
      },
      effects: simulatedEffects((projectId) => of(projectId).provider, live),
      writers: {
        local: async (tx, projectId, rows) => {
          const list = JSON.stringify(rows.map((one) => one.row));
          await sql`
            insert into sim_local (project_id, run, position)
            select ${projectId}, run, position from json_to_recordset(${list}::json) as r(run uuid, position int)`.execute(
            tx,
          );
        },
      },
      seal: (text) => Buffer.from(text),
      unseal: (sealed) => sealed.toString(),
    };
  }
}

/** Plays schedules `first`, `first + 1`, … until the time is over and at least `atLeast` are played. */
export async function playMany(
  url: string,
  options: { first: number; forMs: number; atLeast: number; atOnce?: number },
) {
  const universe = new Universe(url, options.first);
  await universe.start();
  const until = Date.now() + options.forMs;
  const found: { seed: number; said: string[] }[] = [];
  let next = options.first;
  let played = 0;
  const player = async () => {
    while ((Date.now() < until || next - options.first < options.atLeast) && found.length === 0) {
      const seed = next++;
      const said = await universe.play(seed);
      played++;
      if (said.length > 0) found.push({ seed, said });
    }
  };
  await Promise.all(Array.from({ length: options.atOnce ?? 16 }, player));
  await universe.stop();
  return { played, found };
}
