import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { dayScope, periodOf, readLimits } from './balances.ts';
import { budgetKeysOf } from './budgets.ts';
import { addReserved, reserveCredits, settleCredits } from './credits.ts';

const { db } = await createTestDatabase();
const start = Date.UTC(2026, 10, 28);
const dayMs = 86_400_000;
const flows = [newId(), newId()];

const someSend = fc.record({
  account: fc.constantFrom('sms', 'email'),
  amount: fc.integer({ min: 1, max: 40 }),
  flow: fc.constantFrom(null, 0, 1),
  /** From 28 November: the month ends among them. */
  day: fc.integer({ min: 0, max: 5 }),
  isFree: fc.boolean(),
  end: fc.constantFrom('done', 'done', 'refused', 'unknown', null),
});
const someLimits = fc.record({
  allowance: fc.option(fc.integer({ min: 0, max: 900 }), { nil: null }),
  day: fc.option(fc.integer({ min: 0, max: 300 }), { nil: null }),
  flow: fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
});

type Send = typeof someSend extends fc.Arbitrary<infer S> ? S : never;
type Limits = typeof someLimits extends fc.Arbitrary<infer L> ? L : never;

const drawOf = ({ account, flow, day }: Send) => ({
  account,
  flowId: flow === null ? null : (flows[flow] ?? null),
  now: new Date(start + day * dayMs),
});

/** What the balances must be, kept in plain numbers: by account and month, and by budget and period. */
class Model {
  readonly sums = new Map<string, { used: number; reserved: number; limit: number | null }>();
  readonly limits: Limits;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Names of all that a send draws on; budgets are set for texts only. */
  of(send: Send) {
    const draw = drawOf(send);
    const isText = send.account === 'sms';
    const names = [this.#sum(`${send.account} ${periodOf(draw.now)}`, isText ? this.limits.allowance : null)];
    for (const { scope, period } of budgetKeysOf(draw)) {
      const limit = scope === dayScope ? this.limits.day : scope === flows[0] ? this.limits.flow : null;
      if (isText && limit !== null) names.push(this.#sum(`${scope} ${period}`, limit));
    }
    return names;
  }

  #sum(name: string, limit: number | null) {
    const known = this.sums.get(name) ?? { used: 0, reserved: 0, limit };
    this.sums.set(name, known);
    return known;
  }

  /** Whether it is refused. */
  reserve(send: Send): boolean {
    const all = this.of(send);
    if (send.isFree) {
      const [, ofDay] = this.limits.day === null || send.account !== 'sms' ? [] : all;
      if (ofDay !== undefined) ofDay.used += send.amount;
      return false;
    }
    if (all.some(({ used, reserved, limit }) => limit !== null && used + reserved + send.amount > limit))
      return true;
    for (const sum of all) sum.reserved += send.amount;
    return false;
  }

  settle(send: Send): void {
    if (send.isFree || send.end === null || send.end === 'unknown') return;
    for (const sum of this.of(send)) {
      sum.reserved -= send.amount;
      if (send.end === 'done') sum.used += send.amount;
    }
  }
}

async function setLimits(projectId: string, { allowance, day, flow }: Limits) {
  const isBudgeted = day !== null || flow !== null;
  await sql`
    insert into credit_balance (project_id, account, period, allowance, is_budgeted)
    values (${projectId}, 'sms', ${periodOf(new Date(start))}, ${allowance}, ${isBudgeted})`.execute(db);
  for (const [scope, amount] of [
    [dayScope, day],
    [flows[0], flow],
  ] as const)
    if (amount !== null)
      await sql`
        insert into budget (project_id, account, scope, amount, at_limit)
        values (${projectId}, 'sms', ${scope}, ${amount}, 'stop')`.execute(db);
}

async function stored(projectId: string) {
  const { rows } = await sql<{ name: string; used: number; reserved: number }>`
    select account || ' ' || period as name, used::float8, reserved::float8
      from credit_balance where project_id = ${projectId}
     union all
    select scope || ' ' || period, used::float8, reserved::float8
      from budget_balance where project_id = ${projectId}`.execute(db);
  return new Map(
    rows.flatMap(({ name, ...sums }) => (sums.used + sums.reserved === 0 ? [] : [[name, sums] as const])),
  );
}

test('R79 R83 R84 R85 balances are the sum of what was sent, and no limit is passed: 10,000 sends in batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      someLimits,
      fc.array(fc.array(someSend, { minLength: 25, maxLength: 25 }), { minLength: 5, maxLength: 5 }),
      async (limits, batches) => {
        const projectId = newId();
        await setLimits(projectId, limits);
        const model = new Model(limits);
        for (const batch of batches) {
          const asked = batch.map((send) => ({
            ...drawOf(send),
            amount: send.amount,
            isFree: send.isFree,
          }));
          const refused = await transaction(db, async (tx) => {
            const known = await readLimits(tx, projectId, asked);
            const answer = await reserveCredits(tx, projectId, asked, known);
            await addReserved(tx, projectId, answer.later);
            return answer.refused;
          });
          // Requests are answered balance by balance, in the order of their months and accounts.
          const order = batch
            .map((send, at) => ({ send, at, key: `${periodOf(drawOf(send).now)} ${send.account}` }))
            .toSorted((a, b) => (a.key === b.key ? a.at - b.at : a.key < b.key ? -1 : 1));
          for (const { send, at } of order) expect(model.reserve(send)).toBe(refused[at]);
          const going = batch.filter((send, at) => refused[at] === false && send.end !== null);
          await transaction(db, (tx) =>
            settleCredits(
              tx,
              projectId,
              going.map((send) => ({
                id: newId(),
                state: send.end ?? 'done',
                providerId: null,
                reason: null,
                credits: send.isFree ? 0 : send.amount,
                sentAt: drawOf(send).now,
                ...drawOf(send),
              })),
            ),
          );
          for (const send of going) model.settle(send);
          const expected = [...model.sums].flatMap(([name, { used, reserved }]) =>
            used + reserved === 0 ? [] : [[name, { used, reserved }] as const],
          );
          expect(await stored(projectId)).toEqual(new Map(expected));
        }
      },
    ),
    { numRuns: 80 },
  );
}, 120_000);
