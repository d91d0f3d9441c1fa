import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { route, type Route } from '#lib/route.ts';
import { listPageVisits } from './contract.ts';
import { readPageVisits } from './queries.ts';

export function visitRoutes({ db, clock }: { db: Db; clock: DomainClock }): Route[] {
  return [
    route(listPageVisits, async ({ projectId, query }) => ({
      items: await readPageVisits(db, projectId, clock.now(projectId), query.days),
    })),
  ];
}
