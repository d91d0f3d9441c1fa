import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import { budgetPeriodOf, dayScope, periodOf } from '#engine/balances.ts';
import { readSenderTroubles } from '#messages/email/sender-troubles.ts';
import { countInbox } from '#messages/inbox.ts';
import type { Needs } from './contract.ts';

const dayMs = 24 * 60 * 60_000;
const dyingMs = 30 * dayMs;
const failureDays = 7;
const maxFailures = 5;

export interface KnownConnection {
  id: string;
  label: string;
  state: Connection['state'];
  lastError: string | null;
  credential: { isEnding: boolean } | null;
}

/** What waits for a person; each from an index of its own, or from the daily counts. `now`: domain time. */
export async function readNeeds(
  db: Db,
  projectId: string,
  connections: readonly KnownConnection[],
  now: Date,
): Promise<Needs> {
  const [inbox, one, failures, pausedFlows, budgets, emailSenders] = await Promise.all([
    countInbox(db, projectId),
    readOne(db, projectId, now),
    readFailures(db, projectId, now),
    readPaused(db, projectId),
    readBudgets(db, projectId, now),
    readSenderTroubles(db, projectId),
  ]);
  const broken = connections.flatMap((connection) => {
    const { state, credential } = connection;
    if (state === 'error' || state === 'needs_reconnect') return [connection];
    return state === 'ready' && credential?.isEnding === true ? [{ ...connection, state: 'ending' }] : [];
  });
  return {
    ...inbox,
    unknownSends: one.unknownSends,
    dyingGrants: { count: one.dying, firstDiesAt: one.firstDiesAt?.toISOString() ?? null },
    connections: broken.map(({ id, label, state, lastError }) => ({ id, label, state, lastError })),
    emailSenders,
    failures,
    pausedFlows,
    budgets,
  };
}

interface OneRow {
  unknownSends: number;
  dying: number;
  firstDiesAt: Date | null;
}

async function readOne(db: Db, projectId: string, now: Date): Promise<OneRow> {
  const until = new Date(now.getTime() + dyingMs);
  const { rows } = await sql<OneRow>`
    select (select count(*)::int from intent where project_id = p.id and state = 'unknown') as "unknownSends",
           g.dying, g."firstDiesAt"
      from project p
      cross join lateral (
        select count(*)::int as dying, min(dies_at) as "firstDiesAt" from streaming_grant
         where project_id = p.id and state = 'live' and dies_at > ${now} and dies_at <= ${until}) g
     where p.id = ${projectId}`.execute(db);
  return rows[0] ?? { unknownSends: 0, dying: 0, firstDiesAt: null };
}

async function readFailures(db: Db, projectId: string, now: Date): Promise<Needs['failures']> {
  const from = new Date(now.getTime() - failureDays * dayMs).toISOString().slice(0, 10);
  const { rows } = await sql<Needs['failures'][number]>`
    select r.flow_id as "flowId", f.name as "flowName", r.reason, sum(r.count)::int as count
      from rollup r join flow f on f.project_id = r.project_id and f.id = r.flow_id and f.state <> 'deleted'
     where r.project_id = ${projectId} and r.day >= ${from}::date and r.status = 'failed'
     group by r.flow_id, f.name, r.reason order by count desc, f.name, r.reason limit ${maxFailures}`.execute(
    db,
  );
  return rows;
}

async function readPaused(db: Db, projectId: string): Promise<Needs['pausedFlows']> {
  const { rows } = await sql<Needs['pausedFlows'][number]>`
    select id, name, pause_reason as reason from flow
     where project_id = ${projectId} and state = 'paused' and pause_reason is not null order by name, id`.execute(
    db,
  );
  return rows;
}

/** The allowance is what was set: where a project goes on beyond it, it is told there all the same (R83). */
async function readBudgets(db: Db, projectId: string, now: Date): Promise<Needs['budgets']> {
  const { rows } = await sql<Needs['budgets'][number]>`
    with allowance as (
      select b.account, 'month' as span, null::text as "flowName", b.used + b.reserved as used,
             coalesce(l.allowance, b.allowance) as amount
        from credit_balance b
        left join credit_limit l on l.project_id = b.project_id and l.account = b.account
       where b.project_id = ${projectId} and b.period = ${periodOf(now)}),
    budgeted as (
      select b.account, case when b.scope = ${dayScope} then 'day' else 'flow' end, f.name, u.used + u.reserved, b.amount
        from budget b
        join budget_balance u on u.project_id = b.project_id and u.account = b.account and u.scope = b.scope
         and u.period in (${periodOf(now)}, ${budgetPeriodOf(dayScope, now)})
        left join flow f on f.project_id = b.project_id and f.id::text = b.scope and f.state <> 'deleted'
       where b.project_id = ${projectId} and (b.scope = ${dayScope} or f.id is not null))
    select account, span, "flowName", used::float8, amount::float8 as allowance
      from (select * from allowance union all select * from budgeted) one
     where amount is not null and used * 5 >= amount * 4
     order by span desc, "flowName", account`.execute(db);
  return rows;
}
