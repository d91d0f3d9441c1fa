import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import type { Tx } from '#db/database.ts';
import type { RecordEntry } from './record.ts';

/** Closes the runs whose items ended in this transaction. */
export async function endRuns(tx: Tx, projectId: string, entries: readonly RecordEntry[]): Promise<void> {
  const rows = entries.flatMap(({ item, next, now }) =>
    item.kind === 'run' && next.kind === 'end' ? [{ id: item.id, state: next.state, ended_at: now }] : [],
  );
  if (rows.length === 0) return;
  await sql`
    update run set state = e.state, ended_at = e.ended_at
      from json_to_recordset(${asJson(rows)}::json) as e(id uuid, state text, ended_at timestamptz)
     where run.project_id = ${projectId} and run.id = e.id`.execute(tx);
}
