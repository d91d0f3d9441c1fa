import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { route, type Route } from '#lib/route.ts';
import { listBudgets, setBudget } from './budgets.ts';
import * as contract from './contract.ts';
import { setLimit } from './limits.ts';
import { unknownPrice } from './prices.ts';
import { listReconciled } from './reconcile.ts';
import { readTextPrices, setTextPrice } from './text-prices.ts';
import { readUsage, readUsageDetails } from './usage.ts';

export interface CreditDeps {
  db: Db;
  clock: DomainClock;
}

export function creditRoutes({ db, clock }: CreditDeps): Route[] {
  const textPricesOf = async (accountId: string) => ({
    items: await readTextPrices(db, accountId),
    otherCredits: unknownPrice,
  });
  return [
    route(contract.getUsage, ({ projectId }) => readUsage(db, projectId, clock.now(projectId))),
    route(contract.setCreditLimit, async ({ projectId, params, body, caller: { actor } }) => {
      const now = clock.now(projectId);
      await setLimit(db, projectId, params.account, body, { now, actor });
      return (await readUsage(db, projectId, now))[params.account];
    }),
    route(contract.listBudgets, async ({ projectId }) => ({
      items: await listBudgets(db, projectId, clock.now(projectId)),
    })),
    route(contract.setBudget, async ({ projectId, body: { budget, ...place }, caller: { actor } }) => {
      const now = clock.now(projectId);
      await setBudget(db, projectId, place, budget, { now, actor });
      return { items: await listBudgets(db, projectId, now) };
    }),
    route(contract.getReconciliation, async ({ projectId }) => ({
      items: await listReconciled(db, projectId),
    })),
    route(contract.getTextPrices, ({ caller: { accountId } }) => textPricesOf(accountId)),
    route(contract.setTextPrice, async ({ projectId, params, body: { credits }, caller }) => {
      const { accountId, actor } = caller;
      await setTextPrice(db, { accountId, projectId, actor }, params.country, credits);
      return textPricesOf(accountId);
    }),
    route(contract.getUsageDetails, ({ projectId }) => readUsageDetails(db, projectId, clock.now(projectId))),
  ];
}
