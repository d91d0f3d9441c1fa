import { route, type Route } from '#lib/route.ts';
import type { FlowDeps } from '../deps.ts';
import { viewFlow } from '../view.ts';
import * as contract from './contract.ts';
import { compareVersions, listVersions, restoreVersion, viewVersion } from './history.ts';

export function flowHistoryRoutes(deps: FlowDeps): Route[] {
  return [
    route(contract.listFlowVersions, ({ projectId, params, query }) =>
      listVersions(deps, projectId, params.id, query),
    ),
    route(contract.getFlowVersion, ({ projectId, params }) =>
      viewVersion(deps, projectId, params.id, params.version),
    ),
    route(contract.restoreFlowVersion, async ({ projectId, params, body, caller }) => {
      const versions = { version: params.version, over: body.version };
      await restoreVersion(deps, projectId, params.id, versions, caller);
      return viewFlow(deps, projectId, params.id);
    }),
    route(contract.getFlowDifference, ({ projectId, params, query }) =>
      compareVersions(deps, projectId, params.id, query),
    ),
  ];
}
