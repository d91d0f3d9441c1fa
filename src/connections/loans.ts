import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

export interface Loan {
  projectId: string;
  name: string;
  isLent: boolean;
  /** Names of its active flows that name the connection: what would stop without it. */
  flows: string[];
}

/** Projects of the account that a connection may be lent to (R104: test to test, live to live), by name. */
export async function listLoans(db: Db, accountId: string, connectionId: string): Promise<Loan[]> {
  const { rows } = await sql<Loan>`
    select p.id as "projectId", p.name, l.project_id is not null as "isLent",
           array(select f.name from flow f
                   join flow_version v
                     on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
                  where f.project_id = p.id and f.state = 'active'
                    and (position(c.id::text in v.trigger::text) > 0 or position(c.id::text in v.steps::text) > 0)
                  order by f.name, f.id) as flows
      from connection c
      join project p on p.account_id = c.account_id and p.is_live = c.is_live
      left join loan l on l.connection_id = c.id and l.project_id = p.id
     where c.id = ${connectionId} and c.account_id = ${accountId}
     order by p.name, p.id`.execute(db);
  return rows;
}
