import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { UserError } from '#lib/errors.ts';
import { occupyScopes } from './active-scopes.ts';
import { callToActionInput, publishCallToAction } from './call-to-action.ts';
import type { FlowProblem } from './contract.ts';
import { referencesOf, scopesOf, stepDefinition } from './definition.ts';
import type { Actor, FlowDeps } from './deps.ts';
import { refuseBeyondPlan, refuseTooManyActive } from './plan-limits.ts';
import { loadFlowContext, type FlowContext } from './problems/context.ts';
import { addressesOf, flowProblems } from './problems/problems.ts';
import { changeFlow, countActive, getFlowRow, lockAllFlows, type FlowRow } from './queries.ts';

/**
 * Starts the newest version of a flow: a draft's, a changed one's, or again after a pause. 422 with
 * the problems that are errors; 409 `flow_conflict` or `plan_limit`. All three hold however many
 * flows are activated at once. Activating what is active changes nothing.
 */
export async function activateFlow(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  { actor }: Actor,
): Promise<void> {
  const now = deps.clock.now(projectId);
  // Before the locks: the DNS may take its time.
  const drawn = await getFlowRow(deps.db, projectId, flowId);
  if (drawn.steps.some(({ step }) => stepDefinition(step).uses === 'email'))
    await deps.checkSenders?.(projectId);
  await transaction(deps.db, async (tx) => {
    await holdPlan(tx, projectId);
    await lockAllFlows(tx, projectId);
    const flow = await getFlowRow(tx, projectId, flowId);
    if (flow.state === 'active' && flow.activeVersion === flow.version) return;
    const context = await loadFlowContext(tx, projectId, referencesOf(flow));
    refuseBeyondPlan(flow, context);
    refuseErrors(flowProblems(flow, context, addressesOf(deps)));
    refuseTooManyActive(await countActive(tx, projectId, flowId), context);
    await occupyScopes(tx, projectId, flowId, scopesOf(flow.trigger, projectId));
    await changeFlow(tx, projectId, flowId, {
      state: 'active',
      pause_reason: null,
      active_version: flow.version,
      updated_at: now,
    });
    await noteActivation(tx, projectId, flowId, flow.version, now);
    await publish(tx, deps, projectId, flow, context, now);
    await writeAudit(tx, projectId, {
      actor,
      action: flow.state === 'paused' ? 'flow.started' : 'flow.activated',
      subject: `flow:${flowId}`,
      before: { state: flow.state, activeVersion: flow.activeVersion },
      after: { state: 'active', activeVersion: flow.version },
    });
    await signal(tx, projectId, [{ key: gateKeys.flows }, { key: gateKeys.flow(flowId), closed: false }]);
  });
}

/** The plan stays as it is until this commit: who changes it comes before or after, and counts this flow. */
async function holdPlan(tx: Tx, projectId: string): Promise<void> {
  await sql`
    select 1 from account a join project p on p.account_id = a.id where p.id = ${projectId}
       for share of a`.execute(tx);
}

/** For the history of the flow: the first time counts. */
async function noteActivation(
  tx: Tx,
  projectId: string,
  flowId: string,
  version: number,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('flow_version')
    .set({ activated_at: now })
    .where('project_id', '=', projectId)
    .where('flow_id', '=', flowId)
    .where('version', '=', version)
    .where('activated_at', 'is', null)
    .execute();
}

async function publish(
  tx: Tx,
  deps: FlowDeps,
  projectId: string,
  flow: FlowRow,
  context: FlowContext,
  now: Date,
): Promise<void> {
  const input = callToActionInput(flow, context, deps.publicUrl());
  if (input !== null) await publishCallToAction(tx, projectId, flow.id, input, now);
}

function refuseErrors(problems: readonly FlowProblem[]): void {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  throw new UserError(422, 'invalid', `This flow cannot start yet. ${first.message}`, {
    errors: errors.map(({ path, code, message }) => ({ path, code, message })),
  });
}
