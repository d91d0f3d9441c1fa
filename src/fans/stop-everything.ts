import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import type { CancelScope } from '#engine/cancel.ts';
import { gateKeys } from './gate-keys.ts';

type CancelItems = (tx: Tx, projectId: string, scope: CancelScope, reason: string) => Promise<number>;

interface Whose {
  projectId: string;
  fanId: string;
  now: Date;
}

/**
 * Ends what waits to be saved for a fan or to remind her, and her wish for future releases: of one release,
 * of one artist, or all. What was done stays done. Repeating is harmless.
 */
export async function stopSaving(
  tx: Tx,
  cancelItems: CancelItems,
  { projectId, fanId, now }: Whose,
  which: { releaseId: string } | { artistId: string } | 'all',
): Promise<void> {
  const releaseId = which !== 'all' && 'releaseId' in which ? which.releaseId : null;
  const artistId = which !== 'all' && 'artistId' in which ? which.artistId : null;
  const ofRelease = (release: string) => sql`
    (${releaseId}::uuid is null or ${sql.ref(release)} = ${releaseId})
    and (${artistId}::uuid is null or ${sql.ref(release)} in (
      select id from release where project_id = ${projectId} and artist_id = ${artistId}))`;
  await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  const { rows } = await sql<{ releaseId: string; itemId: string | null }>`
    update save s set state = 'undone', renew_by = null
     where s.project_id = ${projectId} and s.fan_id = ${fanId} and s.state in ('scheduled', 'reminder_set')
       and ${ofRelease('s.release_id')}
    returning s.release_id as "releaseId", s.item_id as "itemId"`.execute(tx);
  await sql`
    update purpose p set revoked_at = ${now}
     where p.project_id = ${projectId} and p.fan_id = ${fanId} and p.revoked_at is null
       and ((p.kind = 'release' and ${ofRelease('p.target_id')})
            or (p.kind <> 'release' and ${releaseId}::uuid is null
                and (${artistId}::uuid is null or p.target_id = ${artistId})))`.execute(tx);
  const promises = rows.map((row) => `${fanId}:remind:${row.releaseId}`);
  const { rows: reminders } = await sql<{ id: string }>`
    select id from work where project_id = ${projectId} and promise = any(${promises})`.execute(tx);
  const itemIds = [...reminders.map(({ id }) => id), ...rows.flatMap(({ itemId }) => itemId ?? [])];
  if (itemIds.length > 0) await cancelItems(tx, projectId, { itemIds }, 'cancelled');
}
