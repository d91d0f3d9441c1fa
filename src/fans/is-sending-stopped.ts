import type { Db } from '#db/database.ts';
import { readGates } from '#engine/gates.ts';
import { gateKeys } from './gate-keys.ts';

/** Whether the kill switch of a project is on: its gate is the switch, since whoever sends holds that. */
export async function isSendingStopped(db: Db, projectId: string): Promise<boolean> {
  const gates = await readGates(db, projectId, [gateKeys.project]);
  return gates.get(gateKeys.project)?.closed ?? false;
}
