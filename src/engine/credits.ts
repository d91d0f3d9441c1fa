import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { IntentEnd } from './intents.ts';
import { must } from './must.ts';

/** The calendar month of domain time, UTC: the period that allowances are counted in. */
export function periodOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

interface Request {
  account: string;
  amount: number;
  now: Date;
}

/** What is still to be added to a balance without a limit. */
export interface Reservation {
  account: string;
  period: string;
  amount: number;
}

/**
 * Reserves credits row by row; true where the allowance does not reach. A limited balance is locked,
 * so that the sum never exceeds the allowance however many processes ask at once. A balance without
 * a limit refuses nothing: its sums are `later`, to be added with `addReserved` as the last thing
 * before the commit, since everybody's texts meet in that row. Reservations live on their intents;
 * the ledger gets an entry when they end.
 */
export async function reserveCredits(
  tx: Tx,
  projectId: string,
  requests: readonly Request[],
  allowances: Allowances,
): Promise<{ refused: boolean[]; later: Reservation[] }> {
  const refused: boolean[] = requests.map(() => false);
  const later: Reservation[] = [];
  const asked = requests.map((request, at) => ({ ...request, at, period: periodOf(request.now) }));
  for (const group of inOrder(asked)) {
    const { account, period } = must(group[0]);
    if (allowances.get(`${period} ${account}`) === null) {
      later.push({ account, period, amount: group.reduce((sum, { amount }) => sum + amount, 0) });
      continue;
    }
    const room = await lockBalance(tx, projectId, account, period);
    let taken = 0;
    for (const { at, amount } of group) {
      if (taken + amount > room) refused[at] = true;
      else taken += amount;
    }
    await addReserved(tx, projectId, [{ account, period, amount: taken }]);
  }
  return { refused, later };
}

export async function addReserved(tx: Tx, projectId: string, sums: readonly Reservation[]): Promise<void> {
  for (const { account, period, amount } of sums) {
    const adding = sql`
      update credit_balance set reserved = reserved + ${amount}
       where project_id = ${projectId} and account = ${account} and period = ${period}`;
    await sendOnly(tx, adding.execute(tx));
  }
}

/** By period and account; null is without a limit. */
export type Allowances = ReadonlyMap<string, number | null>;

/** What may be used of the balances that these requests concern; may be asked before it is known which count. */
export async function readAllowances(
  tx: Tx,
  projectId: string,
  requests: readonly Request[],
): Promise<Allowances> {
  const asked = requests.map(({ account, now }) => ({ account, period: periodOf(now) }));
  const found = new Map<string, number | null>();
  for (const [first] of inOrder(asked)) {
    const { account, period } = must(first);
    found.set(`${period} ${account}`, await allowanceOf(tx, projectId, account, period));
  }
  return found;
}

/** Makes the period's balance with the allowance of the one before, if it is the first to ask. */
async function allowanceOf(
  tx: Tx,
  projectId: string,
  account: string,
  period: string,
): Promise<number | null> {
  const select = () =>
    sql<{ allowance: number | null }>`
    select allowance from credit_balance
     where project_id = ${projectId} and account = ${account} and period = ${period}`.execute(tx);
  let { rows } = await select();
  if (rows.length === 0) {
    await sql`
      insert into credit_balance (project_id, account, period, allowance)
      select ${projectId}, ${account}, ${period},
             (select allowance from credit_balance
               where project_id = ${projectId} and account = ${account} order by period desc limit 1)
      on conflict do nothing`.execute(tx);
    ({ rows } = await select());
  }
  return must(rows[0]).allowance;
}

/** Groups of one balance each, in the order in which every transaction locks them. */
function inOrder<R extends { account: string; period: string }>(rows: readonly R[]): R[][] {
  const groups = Map.groupBy(rows, ({ account, period }) => `${period} ${account}`);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

async function lockBalance(tx: Tx, projectId: string, account: string, period: string): Promise<number> {
  const { rows } = await sql<{ used: number; reserved: number; allowance: number | null }>`
    select used, reserved, allowance from credit_balance
     where project_id = ${projectId} and account = ${account} and period = ${period} for update`.execute(tx);
  const row = must(rows[0]);
  return row.allowance === null ? Infinity : row.allowance - row.used - row.reserved;
}

/**
 * Moves what ended intents had reserved: done is charged, refused is released, unknown stays
 * reserved. Only intents that ended in this transaction may be passed, or they would count twice.
 */
export async function settleCredits(tx: Tx, projectId: string, ends: readonly IntentEnd[]): Promise<void> {
  const rows = ends.flatMap(({ id, account, credits, state, sentAt }) =>
    account === null || credits === 0 || state === 'unknown'
      ? []
      : {
          id: newId(),
          account,
          period: periodOf(sentAt),
          intent_id: id,
          kind: state === 'done' ? 'charge' : 'release',
          amount: credits,
          at: sentAt,
        },
  );
  if (rows.length === 0) return;
  const entering = sql`
    insert into credit_entry (project_id, id, account, period, intent_id, kind, amount, at)
    select ${projectId}, id, account, period, intent_id, kind, amount, at
      from json_to_recordset(${asJson(rows)}::json)
           as e(id uuid, account text, period text, intent_id uuid, kind text, amount integer, at timestamptz)
    on conflict do nothing`;
  await sendOnly(tx, entering.execute(tx));
  for (const group of inOrder(rows)) {
    const { account, period } = must(group[0]);
    const total = group.reduce((sum, row) => sum + row.amount, 0);
    const charged = group.reduce((sum, row) => sum + (row.kind === 'charge' ? row.amount : 0), 0);
    const settling = sql`
      update credit_balance set reserved = reserved - ${total}, used = used + ${charged}
       where project_id = ${projectId} and account = ${account} and period = ${period}`;
    await sendOnly(tx, settling.execute(tx));
  }
}
