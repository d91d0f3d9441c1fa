import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { uptime } from './monotonic.ts';
import { must } from './must.ts';
import { pause } from './pause.ts';
import type { Timing } from './timing.ts';

/**
 * Waits until no worker can still be making a call that it started before now: each has said so,
 * or its lease has ended. For delete and the kill switch; gates must be closed before.
 */
export async function waitForWorkers(db: Db, timing: Timing): Promise<void> {
  const { rows } = await sql<{ mark: number }>`select nextval('control_mark') as mark`.execute(db);
  const mark = must(rows[0]).mark;
  const longest = uptime() + timing.onceTimeoutMs + timing.leaseMs + 2 * timing.heartbeatMs;
  while (uptime() < longest) {
    const { rows: behind } = await sql`
      select 1 from worker
       where acknowledged < ${mark}
         and beat_at > clock_timestamp() - ${timing.leaseMs} * interval '1 millisecond' limit 1`.execute(db);
    if (behind.length === 0) return;
    await pause(Math.min(100, timing.heartbeatMs));
  }
}
