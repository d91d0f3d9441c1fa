import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { route, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';

export interface CreditDeps {
  db: Db;
  clock: DomainClock;
}

export function creditRoutes({ db, clock }: CreditDeps): Route[] {
  return [route(contract.getUsage, ({ projectId }) => readUsage(db, projectId, clock.now(projectId)))];
}

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
async function readUsage(db: Db, projectId: string, now: Date) {
  const period = now.toISOString().slice(0, 7);
  const { rows } = await sql<Balance>`
    select distinct on (account) account, allowance,
           case when period = ${period} then used else 0 end as used,
           case when period = ${period} then reserved else 0 end as reserved
      from credit_balance where project_id = ${projectId} and period <= ${period}
     order by account, period desc`.execute(db);
  const balanceOf = (account: string) =>
    rows.find((row) => row.account === account) ?? { used: 0, reserved: 0, allowance: null };
  return {
    periodStart: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
    periodEnd: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)),
    sms: balanceOf('sms'),
    email: balanceOf('email'),
  };
}
