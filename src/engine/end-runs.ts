import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import type { RecordEntry } from './record.ts';

/** Closes the runs whose items ended in this transaction. */
export async function endRuns(tx: Tx, projectId: string, entries: readonly RecordEntry[]): Promise<void> {
  const ends = entries.flatMap(({ item, next, now }) =>
    item.kind === 'run' && next.kind === 'end'
      ? [[item.id, { state: next.state, ended_at: now }] as const]
      : [],
  );
  if (ends.length === 0) return;
  const ids = ends.map(([id]) => id).sort();
  // First and last name the partitions: an array alone does not.
  const ending = sql`
    update run set (state, ended_at) = (
      select e.state, e.ended_at from jsonb_to_record(${asJson(Object.fromEntries(ends))}::jsonb -> run.id::text)
          as e(state text, ended_at timestamptz))
     where project_id = ${projectId} and id = any(${ids})
       and id between ${ids[0]} and ${ids.at(-1)}`;
  await sendOnly(tx, ending.execute(tx));
}
