import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { ItemView } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';

/** The step that sends on a channel. */
export type SendStep = 'send-text' | 'send-email' | 'send-instagram-dm';

/**
 * R109: whether a run nearer to the fan's action still has a message of this kind to send: a step that it has not
 * come to, or one that is held or deferred. Nearer only: two runs that one step started do not wait
 * for each other, the first to send goes.
 */
export async function hasMessageAhead(db: Db, view: ItemView, step: SendStep): Promise<boolean> {
  const chain = Array.isArray(view.data['chain']) ? view.data['chain'].length : 0;
  const { rows } = await sql<{ is_ahead: boolean }>`
    select exists (
      select 1 from work w
        join flow_version v on v.project_id = w.project_id and v.id = w.flow_version_id
       where w.project_id = ${view.projectId} and w.fan_id = ${view.fanId} and w.kind in ('run', 'step')
         and w.data->>'rootEventId' = ${textAt(view.data, 'rootEventId')}
         and jsonb_array_length(w.data->'chain') < ${chain}
         and exists (select 1 from jsonb_array_elements(v.steps) with ordinality as s(step, position)
                      where s.step->>'step' = ${step}
                        and case w.kind when 'run' then s.position >= w.position else s.position = w.position end)
    ) as is_ahead`.execute(db);
  return rows[0]?.is_ahead ?? false;
}

const weekMs = 7 * 86_400_000;

/** R66: whether a text about another new release reached the fan within a week, or may have. */
export async function hasHeardNews(db: Db, view: ItemView): Promise<boolean> {
  const since = new Date(view.now.getTime() - weekMs);
  const { rows } = await sql`
    select 1 from message m
      join detection d on d.project_id = m.project_id and d.event_id = m.cause_id
     where m.project_id = ${view.projectId} and m.fan_id = ${view.fanId} and m.channel = 'sms'
       and m.sent_at > ${since} and m.cause_id <> ${textAt(view.data, 'rootEventId')} limit 1`.execute(db);
  return rows.length > 0;
}
