import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { IntentEnd } from './intents.ts';

/** The calendar month of domain time, UTC: the period that allowances are counted in. */
export function periodOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

interface Request {
  account: string;
  amount: number;
  now: Date;
}

/**
 * Reserves credits row by row; true where the allowance does not reach. The balance row is locked,
 * so the sum never exceeds the allowance however many processes ask at once. An allowance of null
 * has no limit. Reservations live on their intents; the ledger gets an entry when they end.
 */
export async function reserveCredits(
  tx: Tx,
  projectId: string,
  requests: readonly Request[],
): Promise<boolean[]> {
  const refused: boolean[] = requests.map(() => false);
  const groups = Map.groupBy(
    requests.keys(),
    (at) => `${requests[at]!.account}/${periodOf(requests[at]!.now)}`,
  );
  for (const key of [...groups.keys()].sort()) {
    const [account, period] = key.split('/') as [string, string]; // built two lines above
    const indexes = groups.get(key)!;
    const room = await lockBalance(tx, projectId, account, period);
    let taken = 0;
    for (const at of indexes) {
      if (taken + requests[at]!.amount > room) refused[at] = true;
      else taken += requests[at]!.amount;
    }
    await sql`
      update credit_balance set reserved = reserved + ${taken}
       where project_id = ${projectId} and account = ${account} and period = ${period}`.execute(tx);
  }
  return refused;
}

async function lockBalance(tx: Tx, projectId: string, account: string, period: string): Promise<number> {
  const select = () =>
    sql<{ used: number; reserved: number; allowance: number | null }>`
    select used, reserved, allowance from credit_balance
     where project_id = ${projectId} and account = ${account} and period = ${period} for update`.execute(tx);
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
  const row = rows[0]!;
  return row.allowance === null ? Infinity : row.allowance - row.used - row.reserved;
}

/**
 * Moves what ended intents had reserved: done is charged, refused is released, unknown stays
 * reserved. Only intents that ended in this transaction may be passed, or they would count twice.
 */
export async function settleCredits(tx: Tx, projectId: string, ends: readonly IntentEnd[]): Promise<void> {
  const settled = ends.filter((end) => end.account !== null && end.credits > 0 && end.state !== 'unknown');
  if (settled.length === 0) return;
  const rows = settled.map((end) => ({
    id: newId(),
    account: end.account,
    period: periodOf(end.sentAt),
    intent_id: end.id,
    kind: end.state === 'done' ? 'charge' : 'release',
    amount: end.credits,
    at: end.sentAt,
  }));
  await sql`
    insert into credit_entry (project_id, id, account, period, intent_id, kind, amount, at)
    select ${projectId}, id, account, period, intent_id, kind, amount, at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as e(id uuid, account text, period text, intent_id uuid, kind text, amount integer, at timestamptz)
    on conflict do nothing`.execute(tx);
  const sums = [...Map.groupBy(rows, (row) => `${row.account}/${row.period}`)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (const [, group] of sums) {
    const total = group.reduce((sum, row) => sum + row.amount, 0);
    const charged = group.reduce((sum, row) => sum + (row.kind === 'charge' ? row.amount : 0), 0);
    await sql`
      update credit_balance set reserved = reserved - ${total}, used = used + ${charged}
       where project_id = ${projectId} and account = ${group[0]!.account} and period = ${group[0]!.period}`.execute(
      tx,
    );
  }
}
