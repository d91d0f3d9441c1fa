import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { dayScope } from '#engine/balances.ts';

/** A balance that is not what the ledger and the open sends say. */
export interface LedgerError {
  projectId: string;
  account: string;
  /** Of a budget; null: of the month's allowance. */
  scope: string | null;
  period: string;
  used: number;
  /** What the ledger charged. */
  charged: number;
  reserved: number;
  /** What sends under way, or with an unknown end, have reserved. */
  open: number;
}

/**
 * R84: every balance, of an allowance or of a budget, must be the sum of what the ledger only ever adds to, and its reserve that of the sends
 * that have not ended. One statement sees one moment, so that it can be asked while messages go out. Empty:
 * all fits.
 */
export async function checkLedger(db: Db): Promise<LedgerError[]> {
  const { rows } = await sql<LedgerError>`
    with entry as (
      select project_id, account, flow_id, kind, amount, period, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day
        from credit_entry where kind in ('charge', 'answer')),
    under_way as (
      select i.project_id, i.account, r.flow_id, i.credits, to_char(i.sent_at at time zone 'UTC', 'YYYY-MM') as period,
             to_char(i.sent_at at time zone 'UTC', 'YYYY-MM-DD') as day
        from intent i left join run r on r.project_id = i.project_id and r.id = i.run_id
       where i.state in ('open', 'unknown') and i.account is not null and i.credits > 0),
    charged as (
      select project_id, account, period, sum(amount) as credits
        from entry where kind = 'charge' group by 1, 2, 3),
    open as (
      select project_id, account, period, sum(credits) as credits from under_way group by 1, 2, 3),
    allowances as (
      select coalesce(b.project_id, c.project_id, o.project_id) as project_id,
             coalesce(b.account, c.account, o.account) as account, null::text as scope,
             coalesce(b.period, c.period, o.period) as period,
             coalesce(b.used, 0) as used, coalesce(c.credits, 0) as charged,
             coalesce(b.reserved, 0) as reserved, coalesce(o.credits, 0) as open
        from credit_balance b
        full join charged c using (project_id, account, period)
        full join open o using (project_id, account, period)),
    budgets as (
      select b.project_id, b.account, b.scope, b.period, b.used, coalesce(c.credits, 0) as charged,
             b.reserved, coalesce(o.credits, 0) as open
        from budget_balance b
        left join lateral (
          select sum(e.amount) as credits from entry e
           where e.project_id = b.project_id and e.account = b.account
             and case when b.scope = ${dayScope} then e.day = b.period
                 else e.kind = 'charge' and e.period = b.period and e.flow_id::text = b.scope end) c on true
        left join lateral (
          select sum(u.credits) as credits from under_way u
           where u.project_id = b.project_id and u.account = b.account
             and case when b.scope = ${dayScope} then u.day = b.period
                 else u.period = b.period and u.flow_id::text = b.scope end) o on true)
    select project_id as "projectId", account, scope, period, used::float8, charged::float8, reserved::float8,
           open::float8
      from (select * from allowances union all select * from budgets) said
     where used <> charged or reserved <> open order by 1, 2, 3 nulls first, 4`.execute(db);
  return rows;
}
