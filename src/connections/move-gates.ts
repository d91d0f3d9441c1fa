import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';

/** What waits for a connection, in every project that it is lent to, looks again. */
export async function moveConnectionGates(tx: Tx, connectionId: string): Promise<void> {
  const { rows } = await sql<{ project_id: string }>`
    select project_id from loan where connection_id = ${connectionId} order by project_id`.execute(tx);
  for (const { project_id: projectId } of rows) await signal(tx, projectId, [{ key: gateKeys.connections }]);
}
