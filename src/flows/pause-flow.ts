import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { UserError } from '#lib/errors.ts';
import { releaseScopes } from './active-scopes.ts';
import type { PauseReason } from './contract.ts';
import type { Actor, FlowDeps } from './deps.ts';
import { changeFlow, lockFlowRow } from './queries.ts';

/** What belongs to the fan goes on over a pause: saves, and steps that wait for her (R9). */
const keptOverPause = ['save', 'read-back', 'step'];

/**
 * Starts no new runs from this commit on (R9). Runs under way are held, finish, or are cancelled. May
 * be repeated with another choice. A draft cannot be paused.
 */
export async function pauseFlow(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  inProgress: 'hold' | 'finish' | 'cancel',
  { actor }: Actor,
): Promise<void> {
  const now = deps.clock.now(projectId);
  await transaction(deps.db, async (tx) => {
    const flow = await lockFlowRow(tx, projectId, flowId);
    if (flow.state === 'draft') {
      throw new UserError(422, 'invalid', 'This flow was never started, so there is nothing to pause.');
    }
    await releaseScopes(tx, projectId, flowId);
    await changeFlow(tx, projectId, flowId, { state: 'paused', pause_reason: null, updated_at: now });
    await writeAudit(tx, projectId, {
      actor,
      action: 'flow.paused',
      subject: `flow:${flowId}`,
      before: { state: flow.state },
      after: { state: 'paused', inProgress },
    });
    await signal(tx, projectId, [
      { key: gateKeys.flows },
      { key: gateKeys.flow(flowId), closed: inProgress !== 'finish' },
    ]);
    if (inProgress === 'cancel') {
      await deps.engine.cancelItems(tx, projectId, { flowId }, 'cancelled', keptOverPause);
    }
  });
}

/**
 * Pauses active flows that Segue itself stops, with the reason that each of them shows until somebody
 * starts or pauses it; their runs are held. The caller holds the rows and has all of one project here.
 */
export async function pauseForReason(
  tx: Tx,
  projectId: string,
  flows: readonly { id: string; reason: PauseReason }[],
  { now, actor }: { now: Date; actor: string },
): Promise<void> {
  if (flows.length === 0) return;
  for (const { id, reason } of flows) {
    await releaseScopes(tx, projectId, id);
    await changeFlow(tx, projectId, id, { state: 'paused', pause_reason: reason, updated_at: now });
    await writeAudit(tx, projectId, {
      actor,
      action: 'flow.paused',
      subject: `flow:${id}`,
      before: { state: 'active' },
      after: { state: 'paused', reason, inProgress: 'hold' },
    });
  }
  await signal(tx, projectId, [
    { key: gateKeys.flows },
    ...flows.map(({ id }) => ({ key: gateKeys.flow(id), closed: true })),
  ]);
}
