import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { pruneTries } from './limits.ts';

const pendingMs = 7 * 24 * 60 * 60_000;

/**
 * R97: who did not say yes within seven days is forgotten: the pending consent, and the fan with it where
 * nothing else is known of her. Repeating is harmless.
 */
export async function pruneSignUps(db: Db, clock: DomainClock): Promise<void> {
  const { rows } = await sql<{ projectId: string }>`
    select distinct project_id as "projectId" from consent
     where active_at is null and revoked_at is null`.execute(db);
  for (const { projectId } of rows) {
    const before = new Date(clock.now(projectId).getTime() - pendingMs);
    await transaction(db, async (tx) => {
      const gone = await sql<{ fanId: string }>`
        delete from consent where project_id = ${projectId} and active_at is null and revoked_at is null
           and granted_at < ${before} returning fan_id as "fanId"`.execute(tx);
      const fanIds = gone.rows.map(({ fanId }) => fanId);
      if (fanIds.length === 0) return;
      const strangers = await sql<{ id: string }>`
        delete from fan f where f.project_id = ${projectId} and f.id = any(${fanIds})
           and not exists (select 1 from consent c where c.project_id = f.project_id and c.fan_id = f.id)
           and not exists (select 1 from run r where r.project_id = f.project_id and r.fan_id = f.id)
           and not exists (select 1 from work w where w.project_id = f.project_id and w.fan_id = f.id)
           and not exists (select 1 from streaming_grant g where g.project_id = f.project_id and g.fan_id = f.id)
           and not exists (select 1 from segment_member m where m.project_id = f.project_id and m.fan_id = f.id)
           and not exists (select 1 from inbox_message i where i.project_id = f.project_id and i.fan_id = f.id)
           and not exists (select 1 from opt_out o join address a on a.project_id = o.project_id
                             and a.channel = o.channel and a.value = o.address
                            where a.project_id = f.project_id and a.fan_id = f.id)
        returning f.id`.execute(tx);
      const ids = strangers.rows.map(({ id }) => id);
      await sql`delete from address where project_id = ${projectId} and fan_id = any(${ids})`.execute(tx);
    });
  }
  // By wall time or a project's: a test project's clock is ahead, so its tries only live longer.
  await pruneTries(db, new Date());
}
