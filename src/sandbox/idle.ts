import { sql } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '#db/database.ts';
import type { EmailFake, SmsFake, SocialFake } from '#connectors/connector.ts';

/** A fake that still reports what became of messages. */
type Reporting = Pick<SmsFake | EmailFake | SocialFake, 'settled'>;

/**
 * Work that is due but waits on real time (a lane, `Retry-After`, the settling of an unsure call)
 * counts as runnable if the engine takes it up within this time; behind a longer outage it does not.
 */
const soonMs = 15_000;
const pollMs = 20;

/** Whether the engine has something to do for a project now: anything leased, or due by its clock. */
export async function hasRunnableWork(db: Db, projectId: string): Promise<boolean> {
  const { rows } = await sql<{ is_busy: boolean }>`
    select exists (
      select 1 from work w
        left join project_clock k on k.project_id = w.project_id
        left join lane l on l.id = w.lane
       where w.project_id = ${projectId} and (w.state = 1 or (
             w.due_at <= now() + coalesce(k.offset_ms, 0) * interval '1 millisecond'
         and greatest(w.not_before, l.blocked_until, now()) <= now() + ${soonMs} * interval '1 millisecond'))
    ) as is_busy`.execute(db);
  return rows[0]?.is_busy ?? false;
}

/**
 * Resolves true as soon as nothing is runnable for the project: no work that is leased or due, no
 * callback that a carrier still has to make. False when that was not so within `timeoutMs`.
 */
export async function waitUntilIdle(
  db: Db,
  projectId: string,
  carriers: () => Promise<readonly Reporting[]>,
  timeoutMs: number,
): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    // First the callbacks, since each may make work; then the work, which may make callbacks anew.
    const isSettled = await isSettledBy(await carriers(), until);
    if (isSettled && !(await hasRunnableWork(db, projectId))) {
      // What the last look at the work had just finished may have left a callback.
      if (await isSettledBy(await carriers(), performance.now() + 1)) {
        if (!(await hasRunnableWork(db, projectId))) return true;
      }
    }
    if (performance.now() >= until) return false;
    await wait(pollMs);
  }
}

async function isSettledBy(carriers: readonly Reporting[], until: number): Promise<boolean> {
  const settled = Promise.all(carriers.map((fake) => fake.settled())).then(() => true);
  const late = new AbortController();
  const timer = wait(Math.max(0, until - performance.now()), false, { signal: late.signal, ref: false });
  try {
    return await Promise.race([settled, timer]);
  } finally {
    late.abort();
    timer.catch(() => undefined);
  }
}
