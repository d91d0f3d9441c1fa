import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/** A balance that is not what the ledger and the open sends say. */
export interface LedgerError {
  projectId: string;
  account: string;
  period: string;
  used: number;
  /** What the ledger charged. */
  charged: number;
  reserved: number;
  /** What sends under way, or with an unknown end, have reserved. */
  open: number;
}

/**
 * R84: every balance must be the sum of what the ledger only ever adds to, and its reserve that of the sends
 * that have not ended. One statement sees one moment, so that it can be asked while messages go out. Empty:
 * all fits.
 */
export async function checkLedger(db: Db): Promise<LedgerError[]> {
  const { rows } = await sql<LedgerError>`
    with charged as (
      select project_id, account, period, sum(amount) as credits
        from credit_entry where kind = 'charge' group by 1, 2, 3),
    open as (
      select project_id, account, to_char(sent_at at time zone 'UTC', 'YYYY-MM') as period, sum(credits) as credits
        from intent where state in ('open', 'unknown') and account is not null and credits > 0 group by 1, 2, 3),
    said as (
      select coalesce(b.project_id, c.project_id, o.project_id) as project_id,
             coalesce(b.account, c.account, o.account) as account, coalesce(b.period, c.period, o.period) as period,
             coalesce(b.used, 0) as used, coalesce(c.credits, 0) as charged,
             coalesce(b.reserved, 0) as reserved, coalesce(o.credits, 0) as open
        from credit_balance b
        full join charged c using (project_id, account, period)
        full join open o using (project_id, account, period))
    select project_id as "projectId", account, period, used::float8, charged::float8, reserved::float8, open::float8
      from said where used <> charged or reserved <> open order by 1, 2, 3`.execute(db);
  return rows;
}
