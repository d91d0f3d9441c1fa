import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

export interface Loan {
  projectId: string;
  name: string;
  isLent: boolean;
}

/** Projects of the account that a connection may be lent to (R104: test to test, live to live), by name. */
export async function listLoans(db: Db, accountId: string, connectionId: string): Promise<Loan[]> {
  const { rows } = await sql<Loan>`
    select p.id as "projectId", p.name, l.project_id is not null as "isLent"
      from connection c
      join project p on p.account_id = c.account_id and p.is_live = c.is_live
      left join loan l on l.connection_id = c.id and l.project_id = p.id
     where c.id = ${connectionId} and c.account_id = ${accountId}
     order by p.name, p.id`.execute(db);
  return rows;
}
