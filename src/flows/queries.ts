import { sql, type Updateable } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { Schema } from '#db/schema.ts';
import { UserError } from '#lib/errors.ts';
import type { PauseReason } from './contract.ts';
import type { FlowDefinition } from './definition.ts';

/** A flow with its newest version. */
export interface FlowRow extends FlowDefinition {
  id: string;
  name: string;
  state: 'draft' | 'active' | 'paused';
  pauseReason: PauseReason | null;
  version: number;
  activeVersion: number | null;
  createdAt: Date;
  updatedAt: Date;
}

const columns = sql`
  f.id, f.name, f.state, f.pause_reason as "pauseReason", f.version, f.active_version as "activeVersion", f.created_at as "createdAt",
  f.updated_at as "updatedAt", v.trigger, v.steps, v.reentry
    from flow f join flow_version v
      on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.version`;

export async function listFlowRows(
  db: Db,
  projectId: string,
  options: { state?: string | undefined; q?: string | undefined; before: string | null; limit: number },
): Promise<FlowRow[]> {
  const { state = null, q = '', before, limit } = options;
  const part = `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows } = await sql<FlowRow>`
    select ${columns}
     where f.project_id = ${projectId} and f.state <> 'deleted'
       and (${state}::text is null or f.state = ${state}) and (${before}::uuid is null or f.id < ${before})
       and (f.name ilike ${part} or v.trigger->'config'->>'keywords' ilike ${part})
     order by f.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Throws 404 when the project has no such flow, or had one. */
export async function getFlowRow(db: Db, projectId: string, flowId: string): Promise<FlowRow> {
  const { rows } = await sql<FlowRow>`
    select ${columns}
     where f.project_id = ${projectId} and f.id = ${flowId} and f.state <> 'deleted'`.execute(db);
  return found(rows[0]);
}

/** The same, locked: whoever changes a flow comes after whoever is changing it. */
export async function lockFlowRow(tx: Tx, projectId: string, flowId: string): Promise<FlowRow> {
  await sql`select 1 from flow where project_id = ${projectId} and id = ${flowId} for update`.execute(tx);
  return getFlowRow(tx, projectId, flowId);
}

/** What is left out stays. The caller holds the row, and moves the gates that rest on it. */
export async function changeFlow(
  tx: Tx,
  projectId: string,
  flowId: string,
  change: Updateable<Schema['flow']>,
): Promise<void> {
  await tx
    .updateTable('flow')
    .set(change)
    .where('project_id', '=', projectId)
    .where('id', '=', flowId)
    .execute();
}

/**
 * Locks all flows of the project, so that activations come one after the other and each counts
 * what the one before it left.
 */
export async function lockAllFlows(tx: Tx, projectId: string): Promise<void> {
  await sql`select 1 from flow where project_id = ${projectId} and state <> 'deleted' order by id for update`.execute(
    tx,
  );
}

/** Active flows of the project but one. */
export async function countActive(db: Db, projectId: string, exceptFlowId: string | null): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from flow
     where project_id = ${projectId} and state = 'active'
       and (${exceptFlowId}::uuid is null or id <> ${exceptFlowId})`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function insertVersion(
  tx: Tx,
  projectId: string,
  version: FlowDefinition & { id: string; flowId: string; version: number; now: Date; savedBy: string },
): Promise<void> {
  await tx
    .insertInto('flow_version')
    .values({
      project_id: projectId,
      id: version.id,
      flow_id: version.flowId,
      version: version.version,
      trigger: JSON.stringify(version.trigger),
      steps: JSON.stringify(version.steps),
      reentry: JSON.stringify(version.reentry),
      created_at: version.now,
      saved_by: version.savedBy,
    })
    .execute();
}

function found(row: FlowRow | undefined): FlowRow {
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such flow.');
  return row;
}
