import { sql } from 'kysely';
import type { ProjectFacts } from '#accounts/project-facts.ts';
import type { Connection } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import { firstIdAt } from '#lib/ids.ts';
import { chooseEmailSender, createEmailSenders } from '#messages/email/email-senders.ts';
import { isSenderReady } from '#messages/email/plan-email.ts';
import { stepReferences } from '../definition.ts';
import type { FlowStep } from '../contract.ts';
import { done, skipped, type Fate } from './outcomes.ts';
import { startersOf, type Asked } from './population.ts';

const dayMs = 86_400_000;

export interface MailGroup {
  hasAddress: boolean;
  isOut: boolean;
  isBounced: boolean;
  isConsented: boolean;
  isOverCap: boolean;
  fans: number;
}

/** The address she agreed to be written to at, else her first. */
export async function readMailGroups(
  db: Db,
  { id: projectId, allChannelsCap }: ProjectFacts,
  asked: Asked,
  { now, wallNow }: { now: Date; wallNow: Date },
): Promise<MailGroup[]> {
  const since = new Date(now.getTime() - 30 * dayMs);
  const oldest = firstIdAt(new Date(wallNow.getTime() - 31 * dayMs));
  const { rows } = await sql<MailGroup>`
    with starters as materialized (${startersOf(projectId, asked)}),
    mailboxes as (
      select distinct on (a.fan_id) a.fan_id, a.value, c.id as consent_id, c.per_month
        from address a
        left join consent c on c.project_id = a.project_id and c.channel = 'email' and c.address = a.value
         and c.fan_id = a.fan_id and c.revoked_at is null and c.active_at is not null
       where a.project_id = ${projectId} and a.channel = 'email'
       order by a.fan_id, c.id is null, a.created_at, a.value),
    sent as (
      select fan_id, count(*) filter (where channel = 'email') as mails,
             count(*) filter (where class = 'marketing') as messages from message
       where project_id = ${projectId} and id > ${oldest} and sent_at > ${since} group by fan_id)
    select a.value is not null as "hasAddress",
           o.address is not null or coalesce(p.reason = 'complaint', false) as "isOut",
           coalesce(p.reason = 'hard_bounce', false) as "isBounced", a.consent_id is not null as "isConsented",
           coalesce(m.mails >= a.per_month, false)
             or coalesce(m.messages >= ${allChannelsCap}::int, false) as "isOverCap", count(*)::int as fans
      from starters s
      left join mailboxes a on a.fan_id = s.id
      left join opt_out o on o.project_id = ${projectId} and o.channel = 'email' and o.address = a.value
       and o.cleared_at is null
      left join suppression p on p.project_id = ${projectId} and p.address = a.value
      left join sent m on m.fan_id = s.id
     group by 1, 2, 3, 4, 5`.execute(db);
  return rows;
}

/** Whether mails of this step can leave at all; null: they can. */
export async function mailTrouble(
  db: Db,
  project: ProjectFacts,
  connections: readonly Connection[],
  step: FlowStep,
  now: Date,
): Promise<'no_sender' | 'sender_not_ready' | null> {
  const wanted = stepReferences(step).find(({ kind }) => kind === 'connection')?.id ?? null;
  const sender = chooseEmailSender(connections, wanted);
  if (sender === null) return 'no_sender';
  const standing = await createEmailSenders(db).standing(sender.connection, now);
  return isSenderReady(project, standing) ? null : 'sender_not_ready';
}

/** The requirements in the order of `plan-email.ts`. */
export function mailFate(
  { asked: { trigger }, isStopped }: { asked: Asked; isStopped: boolean },
  trouble: 'no_sender' | 'sender_not_ready' | null,
  group: MailGroup,
): Fate {
  const isJoining = trigger.trigger === 'email-sign-up';
  if (trouble === 'no_sender') return skipped('no_sender');
  if (!group.hasAddress) return skipped('no_address');
  if (group.isOut && !isJoining) return skipped('unsubscribed');
  if (group.isBounced) return skipped('bounced');
  if (!group.isConsented && !isJoining) return skipped('no_consent');
  if (trouble !== null) return skipped(trouble);
  if (isStopped) return { status: 'held', reason: 'sending_stopped' };
  return group.isOverCap ? skipped('cap') : done;
}
