import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/**
 * Projects that a STOP by text counts in besides those on the number it came to (R118), by what their
 * account has set: live with live and test with test, and only where the number is known. Consent never
 * spreads: START and opt-ins ask nothing here.
 */
export async function optOutCircle(db: Db, projectIds: readonly string[], from: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct other.id
      from project p
      join account a on a.id = p.account_id
      join project other on other.account_id = a.id and other.is_live = p.is_live
      join address known on known.project_id = other.id and known.channel = 'sms' and known.value = ${from}
     where p.id = any(${[...projectIds]}::uuid[]) and other.id <> all(${[...projectIds]}::uuid[])
       and (a.opt_out_scope = 'account'
            or a.opt_out_scope = 'sender' and btrim(p.legal_sender) <> ''
               and lower(btrim(other.legal_sender)) = lower(btrim(p.legal_sender)))
     order by other.id`.execute(db);
  return rows.map(({ id }) => id);
}
