import { writeAudit } from '#accounts/audit.ts';
import { transaction } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { releaseScopes } from './active-scopes.ts';
import type { Actor, FlowDeps } from './deps.ts';
import { changeFlow, lockFlowRow } from './queries.ts';

/** Saves belong to the fan and the release, not to the flow (R11). */
const keptOverDelete = ['save', 'read-back'];

/**
 * Ends a flow for good (R11): no run starts, no step of any run executes once this has returned, and
 * what its runs still waited for ends as `flow_deleted`. Past runs stay to be read.
 */
export async function deleteFlow(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  { actor }: Actor,
): Promise<void> {
  const now = deps.clock.now(projectId);
  await transaction(deps.db, async (tx) => {
    const flow = await lockFlowRow(tx, projectId, flowId);
    await releaseScopes(tx, projectId, flowId);
    await changeFlow(tx, projectId, flowId, { state: 'deleted', updated_at: now });
    const { name, state, trigger, steps, reentry } = flow;
    await writeAudit(tx, projectId, {
      actor,
      action: 'flow.deleted',
      subject: `flow:${flowId}`,
      before: { name, state, trigger, steps, reentry },
    });
    await signal(tx, projectId, [
      { key: gateKeys.flows },
      { key: gateKeys.flow(flowId), closed: true },
      { key: gateKeys.flowDeleted(flowId), closed: true },
    ]);
    await deps.engine.cancelItems(tx, projectId, { flowId }, 'flow_deleted', keptOverDelete);
  });
  await deps.engine.waitForWorkers();
}
