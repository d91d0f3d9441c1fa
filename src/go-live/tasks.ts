import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';

/** When each was done, by `connector/task`. */
export async function readTasks(db: Db, projectId: string): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('go_live_task')
    .select(['connector', 'task', 'done_at'])
    .where('project_id', '=', projectId)
    .execute();
  return new Map(rows.map((row) => [`${row.connector}/${row.task}`, row.done_at]));
}

/** Repeating changes nothing: the first time stands. */
export async function setTask(
  tx: Tx,
  projectId: string,
  {
    connector,
    task,
    isDone,
    by,
    now,
  }: { connector: string; task: string; isDone: boolean; by: string; now: Date },
): Promise<void> {
  if (isDone) {
    await sql`
      insert into go_live_task (project_id, connector, task, done_at, done_by)
      values (${projectId}, ${connector}, ${task}, ${now}, ${by}) on conflict do nothing`.execute(tx);
    return;
  }
  await sql`
    delete from go_live_task
     where project_id = ${projectId} and connector = ${connector} and task = ${task}`.execute(tx);
}
