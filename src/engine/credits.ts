import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { inOrder, lockBalance, periodOf, type Limits, type Period } from './balances.ts';
import { lockBudgets, settleBudgets, type Draw } from './budgets.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { IntentEnd } from './intents.ts';
import { must } from './must.ts';

interface Request extends Draw {
  amount: number;
  /** R85: costs no credits and is never refused; counts in the day's budget. */
  isFree: boolean;
}

/** What is still to be added to a balance without a limit. */
export interface Reservation {
  account: string;
  period: string;
  amount: number;
}

/**
 * Reserves credits row by row; true where the allowance or a budget does not reach. Balances are locked,
 * so that no sum ever exceeds its limit however many processes ask at once. Where nothing is limited
 * nothing can be refused: the sums are `later`, to be added with `addReserved` as the last thing before
 * the commit, since everybody's texts meet in that row. Reservations live on their intents; the ledger
 * gets an entry when they end.
 */
export async function reserveCredits(
  tx: Tx,
  projectId: string,
  requests: readonly Request[],
  limits: Limits,
): Promise<{ refused: boolean[]; later: Reservation[] }> {
  const refused: boolean[] = requests.map(() => false);
  const later: Reservation[] = [];
  const asked = requests.map((request, at) => ({ ...request, at, period: periodOf(request.now) }));
  const groups = inOrder(asked);
  const limitsOf = ({ period, account }: Period) => must(limits.get(`${period} ${account}`));
  const isOpen = groups.every((group) => {
    const { allowance, isBudgeted } = limitsOf(must(group[0]));
    return allowance === null && !isBudgeted;
  });
  for (const group of groups) {
    const { account, period } = must(group[0]);
    const paid = group.filter(({ isFree }) => !isFree);
    if (isOpen) {
      if (paid.length > 0) later.push({ account, period, amount: sumOf(paid) });
      continue;
    }
    // All balances of a transaction in one order, or two could wait for each other.
    const room = await lockBalance(tx, projectId, account, period);
    const budgets = limitsOf({ period, account }).isBudgeted ? await lockBudgets(tx, projectId, group) : null;
    let taken = 0;
    for (const { at, isFree, amount, ...draw } of group) {
      if (isFree) budgets?.count(draw, amount);
      else if (taken + amount > room || budgets?.take(draw, amount) === false) refused[at] = true;
      else taken += amount;
    }
    await addReserved(tx, projectId, [{ account, period, amount: taken }]);
    await budgets?.write();
  }
  return { refused, later };
}

const sumOf = (rows: readonly { amount: number }[]) => rows.reduce((sum, { amount }) => sum + amount, 0);

export async function addReserved(tx: Tx, projectId: string, sums: readonly Reservation[]): Promise<void> {
  for (const { account, period, amount } of sums) {
    const adding = sql`
      update credit_balance set reserved = reserved + ${amount}
       where project_id = ${projectId} and account = ${account} and period = ${period}`;
    await sendOnly(tx, adding.execute(tx));
  }
}

/** An intent that ended, and whose flow's it was. */
export type CreditEnd = IntentEnd & { flowId: string | null };

/**
 * Moves what ended intents had reserved: done is charged, refused is released, unknown stays
 * reserved. Only intents that ended in this transaction may be passed, or they would count twice.
 */
export async function settleCredits(tx: Tx, projectId: string, ends: readonly CreditEnd[]): Promise<void> {
  const rows = ends.flatMap(({ id, account, credits, state, sentAt, flowId }) =>
    account === null || credits === 0 || state === 'unknown'
      ? []
      : {
          id: newId(),
          account,
          period: periodOf(sentAt),
          intent_id: id,
          flow_id: flowId,
          kind: state === 'done' ? ('charge' as const) : ('release' as const),
          amount: credits,
          at: sentAt,
        },
  );
  if (rows.length === 0) return;
  await insertEntries(tx, projectId, rows);
  for (const group of inOrder(rows)) {
    const { account, period } = must(group[0]);
    const charged = sumOf(group.filter(({ kind }) => kind === 'charge'));
    const settling = sql`
      update credit_balance set reserved = reserved - ${sumOf(group)}, used = used + ${charged}
       where project_id = ${projectId} and account = ${account} and period = ${period}`;
    await sendOnly(tx, settling.execute(tx));
  }
  await settleBudgets(
    tx,
    projectId,
    rows.map(({ account, flow_id: flowId, at: now, kind, amount }) => ({
      account,
      flowId,
      now,
      amount,
      isCharged: kind === 'charge',
    })),
  );
}

/** R85: answers that the law asks for are in the ledger at once, since nothing of them is reserved. */
export async function noteAnswers(
  tx: Tx,
  projectId: string,
  answers: readonly { intentId: string; account: string; amount: number; now: Date }[],
): Promise<void> {
  const rows = answers.map(({ intentId, account, amount, now }) => ({
    id: newId(),
    account,
    period: periodOf(now),
    intent_id: intentId,
    flow_id: null,
    kind: 'answer' as const,
    amount,
    at: now,
  }));
  if (rows.length > 0) await insertEntries(tx, projectId, rows);
}

interface EntryRow extends Period {
  id: string;
  intent_id: string;
  flow_id: string | null;
  kind: 'charge' | 'release' | 'answer';
  amount: number;
  at: Date;
}

async function insertEntries(tx: Tx, projectId: string, rows: readonly EntryRow[]): Promise<void> {
  const entering = sql`
    insert into credit_entry (project_id, id, account, period, intent_id, flow_id, kind, amount, at)
    select ${projectId}, id, account, period, intent_id, flow_id, kind, amount, at
      from json_to_recordset(${asJson(rows)}::json)
           as e(id uuid, account text, period text, intent_id uuid, flow_id uuid, kind text, amount integer,
                at timestamptz)
    on conflict do nothing`;
  await sendOnly(tx, entering.execute(tx));
}
