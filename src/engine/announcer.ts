import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/**
 * Tells other processes that something is due: at most one NOTIFY in `everyMs`, in a statement of
 * its own, since a NOTIFY inside a transaction makes all commits wait for each other. One that
 * fails is made up for by their next poll.
 */
export class Announcer {
  readonly #db: Db;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isWanted = false;

  constructor(db: Db, everyMs = 50) {
    this.#db = db;
    this.#everyMs = everyMs;
  }

  announce(): void {
    if (this.#timer !== undefined) {
      this.#isWanted = true;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWanted) this.announce();
    }, this.#everyMs);
    this.#timer.unref();
    this.#isWanted = false;
    void sql`select pg_notify('segue_work', '')`.execute(this.#db).catch(() => undefined);
  }
}

const announcers = new WeakMap<Db, Announcer>();

/** Announces over a pool, with one throttle a pool. */
export function announceWork(db: Db): void {
  let announcer = announcers.get(db);
  if (announcer === undefined) announcers.set(db, (announcer = new Announcer(db)));
  announcer.announce();
}
