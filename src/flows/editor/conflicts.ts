import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { FlowTrigger } from '../contract.ts';
import { scopesOf } from '../definition.ts';

interface Conflict {
  flowId: string | null;
  flowName: string;
  words: string;
}

/** What an activation would be refused for now (R13, R14); only the activation itself decides (R15). */
export async function findConflicts(
  db: Db,
  projectId: string,
  { trigger, flowId }: { trigger: FlowTrigger; flowId?: string | undefined },
): Promise<Conflict[]> {
  const scopes = scopesOf(trigger, projectId);
  if (scopes.length === 0) return [];
  const { rows } = await sql<{ scope: string; flow_id: string; project_id: string; name: string }>`
    select s.scope, s.flow_id, s.project_id, f.name from active_scope s
      join flow f on f.project_id = s.project_id and f.id = s.flow_id
     where s.scope = any(${scopes.map(({ scope }) => scope)})
       and (${flowId ?? null}::uuid is null or s.flow_id <> ${flowId ?? null}) order by s.scope`.execute(db);
  return rows.map((row) => ({
    flowId: row.project_id === projectId ? row.flow_id : null,
    flowName: row.name,
    words: scopes.find(({ scope }) => scope === row.scope)?.words ?? '',
  }));
}
