import { writeAudit } from '#accounts/audit.ts';
import { transaction } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { FlowInput } from './contract.ts';
import { referencesOf, triggerDefinition, type FlowDefinition } from './definition.ts';
import type { Actor, FlowDeps } from './deps.ts';
import { refuseBeyondPlan } from './plan-limits.ts';
import { loadFlowContext } from './problems/context.ts';
import { refuseMissing } from './problems/references.ts';
import { changeFlow, insertVersion, lockFlowRow, type FlowRow } from './queries.ts';

/**
 * Makes a draft. What it names must be there: 422 naming the field. Everything else that is wrong
 * with it becomes `problems`, since a draft may be half done.
 */
export async function createFlow(
  deps: FlowDeps,
  projectId: string,
  input: FlowInput,
  { actor }: Actor,
): Promise<{ flowId: string }> {
  const definition = await checked(deps, projectId, input);
  const now = deps.clock.now(projectId);
  const flowId = newId();
  await transaction(deps.db, async (tx) => {
    await tx
      .insertInto('flow')
      .values({ project_id: projectId, id: flowId, name: input.name, created_at: now, updated_at: now })
      .execute();
    await insertVersion(tx, projectId, {
      ...definition,
      id: newId(),
      flowId,
      version: 1,
      now,
      savedBy: actor,
    });
    const after = { name: input.name, ...definition };
    await writeAudit(tx, projectId, { actor, action: 'flow.created', subject: `flow:${flowId}`, after });
  });
  return { flowId };
}

/**
 * Saves a new version over the one that the caller read; 409 `stale_version` if somebody else was
 * faster. An active flow goes on with the version it is active with: no gate moves.
 */
export async function updateFlow(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  input: FlowInput & { version: number },
  { actor }: Actor,
): Promise<void> {
  const definition = await checked(deps, projectId, input);
  const now = deps.clock.now(projectId);
  await transaction(deps.db, async (tx) => {
    const before = await lockFlowRow(tx, projectId, flowId);
    refuseStale(before, input.version);
    const version = before.version + 1;
    await insertVersion(tx, projectId, { ...definition, id: newId(), flowId, version, now, savedBy: actor });
    await changeFlow(tx, projectId, flowId, { name: input.name, version, updated_at: now });
    await writeAudit(tx, projectId, {
      actor,
      action: 'flow.edited',
      subject: `flow:${flowId}`,
      before: drawn(before),
      after: { name: input.name, ...definition },
    });
  });
}

function refuseStale(row: FlowRow, version: number): void {
  if (row.version === version) return;
  throw new UserError(
    409,
    'stale_version',
    `You changed version ${version}, but the newest is ${row.version}: somebody saved before you.`,
  );
}

async function checked(deps: FlowDeps, projectId: string, input: FlowInput): Promise<FlowDefinition> {
  const { trigger, steps } = input;
  const reentry = input.reentry ?? triggerDefinition(trigger).defaultReentry;
  const definition: FlowDefinition = { trigger, steps, reentry };
  const references = referencesOf(definition);
  const context = await loadFlowContext(deps.db, projectId, references);
  refuseMissing(references, context);
  refuseBeyondPlan(definition, context);
  return definition;
}

function drawn({ name, trigger, steps, reentry }: FlowRow) {
  return { name, trigger, steps, reentry };
}
