import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import type { NewItem } from '#engine/contract.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { InsertItems } from '../works.ts';

export interface RetryDeps {
  db: Db;
  clock: DomainClock;
  insertItems: InsertItems;
}

/** In one commit. */
const chunk = 1_000;
/** As on release day: what fans do at the moment goes before. */
const bulk = 3;

/**
 * What failed for this reason is performed once more: it is scheduled again, with an item of its own.
 * Answers how many saves that is; of two at once each takes its own. Not for a release that was called off.
 */
export async function retrySaves(
  { db, clock, insertItems }: RetryDeps,
  projectId: string,
  releaseId: string,
  { service, reason }: { service: string; reason: string },
): Promise<number> {
  let count = 0;
  for (;;) {
    const taken = await transaction(db, async (tx) => {
      const now = clock.now(projectId);
      const { rows } = await sql<{ fanId: string }>`
        with again as (
          select s.fan_id from save s
            join release r on r.project_id = s.project_id and r.id = s.release_id and r.cancelled_at is null
           where s.project_id = ${projectId} and s.release_id = ${releaseId} and s.state = 'failed'
             and s.service = ${service} and coalesce(s.reason, 'refused') = ${reason}
           order by s.fan_id limit ${chunk} for update of s skip locked)
        update save s set state = 'scheduled', reason = null
          from again a
         where s.project_id = ${projectId} and s.release_id = ${releaseId} and s.service = ${service}
           and s.fan_id = a.fan_id
        returning s.fan_id as "fanId"`.execute(tx);
      const items = rows.map(({ fanId }): NewItem => ({
        kind: 'save',
        fanId,
        service,
        priority: bulk,
        dueAt: now,
        promise: `${fanId}:save:${releaseId}:${service}`,
        data: { releaseId, service, cause: 'release-day', retriedAt: now.toISOString() },
      }));
      await insertItems(tx, projectId, items);
      return rows.length;
    });
    count += taken;
    if (taken < chunk) return count;
  }
}
