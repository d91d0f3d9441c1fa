import { transaction, type Db } from '#db/database.ts';
import { markSaves } from './writers.ts';

/** R63: the fan went to the artist's own page; counted, and never as a save. Repeating is harmless. */
export async function markHandedOver(
  db: Db,
  key: { projectId: string; fanId: string; releaseId: string },
  now: Date,
): Promise<void> {
  const row = { releaseId: key.releaseId, service: '', state: 'handed_over' };
  await transaction(db, (tx) => markSaves(tx, key.projectId, [{ row, fanId: key.fanId, runId: null, now }]));
}
