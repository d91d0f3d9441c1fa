import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { noLimit, readLimits, type Account } from './limits.ts';
import { currency, microsOf } from './prices.ts';

const unused = { used: 0, reserved: 0, allowance: null };

interface Balance {
  account: string;
  used: number;
  reserved: number;
  allowance: number | null;
}

/**
 * What was used in the month of `now`. An account that sent nothing in it yet shows the allowance that
 * its first send will take over from the newest month before.
 */
export async function readUsage(db: Db, projectId: string, now: Date) {
  const period = now.toISOString().slice(0, 7);
  const { rows } = await sql<Balance>`
    select distinct on (account) account, allowance,
           case when period = ${period} then used else 0 end as used,
           case when period = ${period} then reserved else 0 end as reserved
      from credit_balance where project_id = ${projectId} and period <= ${period}
     order by account, period desc`.execute(db);
  const limits = await readLimits(db, projectId);
  const balanceOf = (account: Account) => {
    const { used, reserved, allowance } = rows.find((row) => row.account === account) ?? unused;
    return { used, reserved, allowance, limit: limits.get(account) ?? { ...noLimit, allowance } };
  };
  return {
    periodStart: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
    periodEnd: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)),
    sms: balanceOf('sms'),
    email: balanceOf('email'),
  };
}

interface Spent {
  sms: number;
  email: number;
}

const withMoney = ({ sms, email }: Spent) => ({
  sms,
  email,
  micros: microsOf('sms', sms) + microsOf('email', email),
});

/** From the daily counts, so that neither a long history nor a busy month makes it slow. */
export async function readUsageDetails(db: Db, projectId: string, now: Date) {
  const { periodStart, periodEnd, sms, email } = await readUsage(db, projectId, now);
  const [days, flows] = await Promise.all([
    readDays(db, projectId, periodStart, now),
    readFlows(db, projectId, periodStart, periodEnd),
  ]);
  return {
    currency,
    periodStart,
    periodEnd,
    used: withMoney({ sms: sms.used, email: email.used }),
    reserved: withMoney({ sms: sms.reserved, email: email.reserved }),
    days,
    flows,
  };
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Which account a step's credits are of: what the step is, in the version that is edited or runs. */
const costs = sql`
  select r.day, r.flow_id, r.credits, f.name, f.state = 'deleted' as is_deleted,
         coalesce(v.steps->(r.position - 1)->>'step', '') = 'send-email' as is_email
    from rollup r
    join flow f on f.project_id = r.project_id and f.id = r.flow_id
    left join flow_version v on v.project_id = f.project_id and v.flow_id = f.id
     and v.version = coalesce(f.active_version, f.version)
   where r.credits > 0`;

const sums = sql`
  coalesce(sum(credits) filter (where not is_email), 0)::int as sms,
  coalesce(sum(credits) filter (where is_email), 0)::int as email`;

/** Every day from the first of the month to today, those without a send too. */
async function readDays(db: Db, projectId: string, from: Date, now: Date) {
  const { rows } = await sql<Spent & { day: string }>`
    select to_char(d.day, 'YYYY-MM-DD') as day, coalesce(c.sms, 0) as sms, coalesce(c.email, 0) as email
      from generate_series(${dayOf(from)}::date, ${dayOf(now)}::date, interval '1 day') d(day)
      left join (
        select day, ${sums} from (${costs} and r.project_id = ${projectId} and r.day >= ${dayOf(from)}::date) c
         group by day) c on c.day = d.day
     order by 1`.execute(db);
  return rows.map(({ day, ...spent }) => ({ day, ...withMoney(spent) }));
}

async function readFlows(db: Db, projectId: string, from: Date, to: Date) {
  const { rows } = await sql<Spent & { flowId: string; name: string; isDeleted: boolean }>`
    select flow_id as "flowId", name, is_deleted as "isDeleted", ${sums}
      from (${costs} and r.project_id = ${projectId} and r.day >= ${dayOf(from)}::date
                       and r.day < ${dayOf(to)}::date) c
     group by flow_id, name, is_deleted having sum(credits) > 0 order by sum(credits) desc, name`.execute(db);
  return rows.map(({ flowId, name, isDeleted, ...spent }) => ({
    flowId,
    name,
    isDeleted,
    ...withMoney(spent),
  }));
}
