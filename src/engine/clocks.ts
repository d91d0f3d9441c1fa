import { sql } from 'kysely';
import { notifyWork } from './gates.ts';
import { transaction, type Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';

/**
 * Domain time of every project. Only test projects have an offset; it lives in the database, so
 * that all processes agree, and only ever grows.
 */
export class ProjectClocks implements DomainClock {
  readonly #db: Db;
  readonly #wall: WallClock;
  #offsets = new Map<string, number>();

  constructor(db: Db, wall: WallClock) {
    this.#db = db;
    this.#wall = wall;
  }

  now(projectId: string): Date {
    return new Date(this.#wall.now().getTime() + this.offsetMs(projectId));
  }

  offsetMs(projectId: string): number {
    return this.#offsets.get(projectId) ?? 0;
  }

  /** Reads what other processes moved; called with every heartbeat and on notice. */
  async refresh(): Promise<void> {
    const { rows } = await sql<{ project_id: string; offset_ms: number }>`
      select project_id, offset_ms from project_clock where offset_ms > 0`.execute(this.#db);
    this.#offsets = new Map(rows.map((row) => [row.project_id, row.offset_ms]));
  }

  /** Moves a project's clock forward for all processes and says what it is then. */
  async advance(projectId: string, ms: number): Promise<{ now: Date; offsetMs: number }> {
    if (!(ms >= 0)) throw new RangeError('a clock is only moved forward');
    await transaction(this.#db, async (tx) => {
      await sql`
        insert into project_clock as c (project_id, offset_ms) values (${projectId}, ${Math.round(ms)})
        on conflict (project_id) do update set offset_ms = c.offset_ms + excluded.offset_ms`.execute(tx);
      await notifyWork(tx);
    });
    await this.refresh();
    return { now: this.now(projectId), offsetMs: this.offsetMs(projectId) };
  }
}
