import { decodeCursor, toPage } from '#lib/cursor.ts';
import { route, type Route } from '#lib/route.ts';
import { activateFlow } from './activate-flow.ts';
import * as contract from './contract.ts';
import { deleteFlow } from './delete-flow.ts';
import type { FlowDeps } from './deps.ts';
import { duplicateFlow } from './duplicate-flow.ts';
import { pauseFlow } from './pause-flow.ts';
import { listFlowRows } from './queries.ts';
import { createFlow, updateFlow } from './save-flow.ts';
import { viewFlow, viewFlows } from './view.ts';

export function flowRoutes(deps: FlowDeps): Route[] {
  return [
    route(contract.listFlows, async ({ projectId, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor);
      const rows = await listFlowRows(deps.db, projectId, { ...filter, before, limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: await viewFlows(deps, projectId, items), nextCursor };
    }),
    route(contract.createFlow, async ({ projectId, body, caller }) => {
      const { flowId } = await createFlow(deps, projectId, body, caller);
      return viewFlow(deps, projectId, flowId);
    }),
    route(contract.getFlow, ({ projectId, params }) => viewFlow(deps, projectId, params.id)),
    route(contract.updateFlow, async ({ projectId, params, body, caller }) => {
      await updateFlow(deps, projectId, params.id, body, caller);
      return viewFlow(deps, projectId, params.id);
    }),
    route(contract.duplicateFlow, async ({ projectId, params, caller }) => {
      const { flowId } = await duplicateFlow(deps, projectId, params.id, caller);
      return viewFlow(deps, projectId, flowId);
    }),
    route(contract.activateFlow, async ({ projectId, params, caller }) => {
      await activateFlow(deps, projectId, params.id, caller);
      return viewFlow(deps, projectId, params.id);
    }),
    route(contract.pauseFlow, async ({ projectId, params, body, caller }) => {
      await pauseFlow(deps, projectId, params.id, body.inProgress, caller);
      return viewFlow(deps, projectId, params.id);
    }),
    route(contract.deleteFlow, async ({ projectId, params, caller }) => {
      await deleteFlow(deps, projectId, params.id, caller);
      return undefined;
    }),
  ];
}
