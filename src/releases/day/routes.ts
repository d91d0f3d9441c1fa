import { writeAudit } from '#accounts/audit.ts';
import { route, type Route } from '#lib/route.ts';
import { getRelease } from '../releases.ts';
import * as contract from './contract.ts';
import { readReleaseDay, type DayDeps } from './read-day.ts';
import { retrySaves, type RetryDeps } from './retry-saves.ts';

export function releaseDayRoutes(deps: DayDeps & RetryDeps): Route[] {
  return [
    route(contract.getReleaseDay, ({ projectId, params }) => readReleaseDay(deps, projectId, params.id)),
    route(contract.retrySaves, async ({ projectId, params, body, caller: { actor } }) => {
      await getRelease(deps.db, projectId, params.id);
      const count = await retrySaves(deps, projectId, params.id, body);
      await writeAudit(deps.db, projectId, {
        actor,
        action: 'release.saves_retried',
        subject: `release:${params.id}`,
        after: { ...body, count },
      });
      return { count };
    }),
  ];
}
