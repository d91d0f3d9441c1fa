import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { notifyWork } from './gates.ts';

export type CancelScope =
  | { runId: string }
  | { flowId: string }
  | { fanId: string }
  | { itemIds: readonly string[] };

/**
 * Ends open items without another step: no intent of theirs commits after this commit. Whoever
 * holds one records what its call under way did and lets go; calls that may have gone out are
 * settled before the item ends. Repeating is harmless.
 *
 * `keepKinds` names kinds that go on (what belongs to the fan, not to the flow).
 */
export async function cancelItems(
  tx: Tx,
  projectId: string,
  scope: CancelScope,
  reason: string,
  keepKinds: readonly string[] = [],
): Promise<number> {
  const where =
    'runId' in scope
      ? sql`(id = ${scope.runId} or (run_id = ${scope.runId} and kind <> 'run'))`
      : 'flowId' in scope
        ? sql`flow_id = ${scope.flowId}`
        : 'fanId' in scope
          ? sql`fan_id = ${scope.fanId}`
          : sql`id = any(${[...scope.itemIds]})`;
  const { rows } = await sql<{ id: string }>`
    select id from work
     where project_id = ${projectId} and ${where} and cancel is null and kind <> all(${[...keepKinds]})
     order by id for no key update`.execute(tx);
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  await sql`
    update work set cancel = ${reason}, due_at = '-infinity', not_before = null, lane = ''
     where project_id = ${projectId} and id = any(${ids})`.execute(tx);
  await notifyWork(tx);
  return rows.length;
}
