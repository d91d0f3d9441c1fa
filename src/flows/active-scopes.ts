import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { TriggerScope } from '#triggers/trigger.ts';

/** What an active flow occupies, and the words for it. */
export type Scope = TriggerScope;

/**
 * Occupies the scopes of an active flow and gives back those it no longer needs (R13–R15). The unique
 * constraint decides, whoever activates at the same time and in whichever project; the refusal names
 * the flow that is in the way.
 */
export async function occupyScopes(
  tx: Tx,
  projectId: string,
  flowId: string,
  scopes: readonly Scope[],
): Promise<void> {
  const wanted = scopes.map(({ scope }) => scope).sort();
  await sql`
    delete from active_scope
     where project_id = ${projectId} and flow_id = ${flowId} and scope <> all(${wanted})`.execute(tx);
  for (;;) {
    // Sorted, or two activations with the same scopes in another order would deadlock.
    await sql`
      insert into active_scope (scope, project_id, flow_id)
      select scope, ${projectId}, ${flowId} from unnest(${wanted}::text[]) scope order by scope
      on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ scope: string; flow_id: string; name: string | null }>`
      select s.scope, s.flow_id, f.name from active_scope s
        left join flow f on f.project_id = s.project_id and f.id = s.flow_id
       where s.scope = any(${wanted}) order by s.scope`.execute(tx);
    const taken = rows.find((row) => row.flow_id !== flowId);
    if (taken !== undefined) throw conflict(taken.scope, taken.flow_id, taken.name ?? '', scopes);
    // What was in the way may have gone between the two statements: then the place is free now.
    if (rows.length === wanted.length) return;
  }
}

/** A paused or deleted flow reserves nothing (A1). */
export async function releaseScopes(tx: Tx, projectId: string, flowId: string): Promise<void> {
  await sql`delete from active_scope where project_id = ${projectId} and flow_id = ${flowId}`.execute(tx);
}

function conflict(scope: string, flowId: string, flowName: string, scopes: readonly Scope[]): UserError {
  const { words = 'this', rule = 'R14' } = scopes.find((one) => one.scope === scope) ?? {};
  return new UserError(409, 'flow_conflict', `The active flow “${flowName}” already has ${words}.`, {
    conflict: { flowId, flowName, scope },
    rule,
  });
}
