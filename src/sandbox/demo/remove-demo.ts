import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { Caller } from '#lib/route.ts';
import { UserError } from '#lib/errors.ts';
import { readDemo, withDemoLock } from './store.ts';

export interface RemoveDeps {
  db: Db;
  waitForWorkers: () => Promise<void>;
}

/** As long as a process may go on believing in a connection that is switched off. */
const believedMs = 1_100;

/**
 * Takes the demo away for good, when somebody starts for real: its project with all that is in it, and its
 * connections; account, people and other projects stay. Refused where it is the account's only project,
 * since nothing would be left to look at. Cut short, or asked for twice, it is asked for again. The next
 * start makes no new one.
 */
export async function removeDemo({ db, waitForWorkers }: RemoveDeps, caller: Caller): Promise<void> {
  await withDemoLock(db, async () => {
    const { accountId, projectId } = (await readDemo(db)).facts;
    if (projectId === undefined || accountId === undefined || accountId !== caller.accountId)
      throw new UserError(404, 'not_found', 'There is no demo in this account.');
    const projects = await db
      .selectFrom('project')
      .select('id')
      .where('account_id', '=', accountId)
      .execute();
    if (projects.length < 2)
      throw new UserError(409, 'conflict', 'Make a project of your own first, so that something is left.');
    const connections = await switchOff(db, projectId);
    await new Promise((resolve) => setTimeout(resolve, believedMs));
    await waitForWorkers();
    await transaction(db, async (tx) => {
      await deleteProject(tx, projectId);
      await deleteConnections(tx, connections);
      const facts = JSON.stringify({ accountId, isRemoved: true });
      await sql`update sandbox.demo set facts = ${facts}::jsonb, sealed_key = null`.execute(tx);
      await writeAudit(tx, accountId, {
        actor: caller.actor,
        action: 'demo.removed',
        subject: `project:${projectId}`,
      });
    });
  });
}

/** Nothing comes in or goes out any more. Answers with the connections that only the demo uses. */
async function switchOff(db: Db, projectId: string): Promise<string[]> {
  return transaction(db, async (tx) => {
    await signal(tx, projectId, [{ key: gateKeys.project, closed: true }, { key: gateKeys.connections }]);
    const { rows } = await sql<{ id: string }>`
      update connection c set state = 'disabled'
       where exists (select from loan l where l.connection_id = c.id and l.project_id = ${projectId})
         and not exists (select from loan l where l.connection_id = c.id and l.project_id <> ${projectId})
      returning c.id`.execute(tx);
    return rows.map(({ id }) => id);
  });
}

/** Every table that has rows of projects, in the order in which work locks them; the log of who did what stays. */
async function deleteProject(tx: Tx, projectId: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'audit_entry'
     order by c.relname <> 'gate', c.relname <> 'work', c.relname`.execute(tx);
  for (const { name } of rows)
    await sql`delete from ${sql.table(name)} where project_id = ${projectId}`.execute(tx);
  await sql`delete from project where id = ${projectId}`.execute(tx);
}

async function deleteConnections(tx: Tx, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select conrelid::regclass::text as name from pg_constraint
     where contype = 'f' and confrelid = 'connection'::regclass order by 1`.execute(tx);
  for (const { name } of rows)
    await sql`delete from ${sql.table(name)} where connection_id = any(${[...ids]})`.execute(tx);
  await sql`delete from sandbox.entry where connection_id = any(${[...ids]})`.execute(tx);
  await sql`delete from connection where id = any(${[...ids]})`.execute(tx);
}
