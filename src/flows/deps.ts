import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { EngineDoor } from '#runs/engine-door.ts';

export interface FlowDeps {
  db: Db;
  clock: DomainClock;
  engine: EngineDoor;
  /** Scheme and host that fans reach, without a slash at the end. */
  publicUrl: () => string;
  /** What links in texts begin with. */
  shortUrl: () => string;
  /** Asks the DNS about the addresses that mails of a project come from (R113); absent: nobody does. */
  checkSenders?: (projectId: string) => Promise<void>;
}

/** Who does it, for the audit log. */
export interface Actor {
  actor: string;
}
