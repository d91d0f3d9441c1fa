import type { Actor, FlowDeps } from './deps.ts';
import { getFlowRow } from './queries.ts';
import { createFlow } from './save-flow.ts';

const longestName = 120;
const ending = ' (copy)';

/**
 * Makes a draft of what the newest version of a flow holds. It can be activated once what two active
 * flows may not share was changed (R14). Repeated, it makes another copy. What the flow names and is
 * gone by now: 422, as for a new flow.
 */
export async function duplicateFlow(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  actor: Actor,
): Promise<{ flowId: string }> {
  const { name, trigger, steps, reentry } = await getFlowRow(deps.db, projectId, flowId);
  const copy = name.slice(0, longestName - ending.length) + ending;
  return createFlow(deps, projectId, { name: copy, trigger, steps, reentry }, actor);
}
