import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { referencesOf, stepDefinition, type FlowDefinition } from '#flows/definition.ts';
import { loadFlowContext } from '#flows/problems/context.ts';
import { nameOf } from '#flows/problems/references.ts';
import { UserError } from '#lib/errors.ts';

interface StoryRow extends Pick<FlowDefinition, 'trigger' | 'steps'> {
  event: { type: string; source: string; occurredAt: string; subject: Record<string, unknown> } | null;
  details: { position: number; service: string; detail: string }[];
}

/** A run in words, by the version that it goes through. 404 when the project has no such run. */
export async function readStory(db: Db, projectId: string, runId: string) {
  const { rows } = await sql<StoryRow>`
    select v.trigger, v.steps,
           (select json_build_object('type', e.type, 'source', e.source, 'subject', e.subject,
                                     'occurredAt', e.occurred_at)
              from event e where e.project_id = r.project_id and e.id = r.event_id) as event,
           coalesce((select json_agg(json_build_object('position', o.position, 'service', o.service,
                                                       'detail', o.detail) order by o.position, o.service)
              from outcome o where o.project_id = r.project_id and o.run_id = r.id
               and o.detail is not null), '[]') as details
      from run r join flow_version v on v.project_id = r.project_id and v.id = r.flow_version_id
     where r.project_id = ${projectId} and r.id = ${runId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such run.');
  const { trigger, steps, event, details } = row;
  const context = await loadFlowContext(db, projectId, referencesOf({ trigger, steps }));
  return {
    event,
    steps: steps.map(({ step, config }, index) => ({
      position: index + 1,
      step,
      summary: stepDefinition(step).summary(config as never, (one) => nameOf(context, one)),
      details: details
        .filter(({ position }) => position === index + 1)
        .map(({ service, detail }) => ({ service: service === '' ? null : service, detail })),
    })),
  };
}
