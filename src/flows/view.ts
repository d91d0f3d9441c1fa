import type { FlowView } from './contract.ts';
import { referencesOf, triggerDefinition } from './definition.ts';
import type { FlowDeps } from './deps.ts';
import { loadFlowContext } from './problems/context.ts';
import { addressesOf, flowProblems } from './problems/problems.ts';
import { nameOf } from './problems/references.ts';
import { getFlowRow, type FlowRow } from './queries.ts';

/** One flow as the API shows it, with what is wrong with it now. 404 when it is not there. */
export async function viewFlow(deps: FlowDeps, projectId: string, flowId: string): Promise<FlowView> {
  const [view] = await viewFlows(deps, projectId, [await getFlowRow(deps.db, projectId, flowId)]);
  if (view === undefined) throw new Error('one row makes one view');
  return view;
}

/** Problems depend on the project as it is now, so they are found at every look, for all rows at once. */
export async function viewFlows(
  deps: FlowDeps,
  projectId: string,
  rows: readonly FlowRow[],
): Promise<FlowView[]> {
  const context = await loadFlowContext(deps.db, projectId, rows.flatMap(referencesOf));
  return rows.map((row) => ({
    ...row,
    summary: triggerDefinition(row.trigger).summary(row.trigger.config as never, (one) =>
      nameOf(context, one),
    ),
    problems: flowProblems(row, context, addressesOf(deps)),
  }));
}
