import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import type { FlowStep } from '../contract.ts';
import { stepDefinition, stepReferences } from '../definition.ts';
import { done, skipped, unmet, type Fate } from './outcomes.ts';
import { startersOf, type Asked } from './population.ts';

type Fates = (Fate & { fans: number })[];

/** Members already, and those who become one. */
export async function segmentFates(db: Db, projectId: string, asked: Asked, step: FlowStep): Promise<Fates> {
  const id = stepReferences(step).find(({ kind }) => kind === 'segment')?.id;
  if (id === undefined) return [];
  const { rows } = await sql<{ isMember: boolean; fans: number }>`
    with starters as materialized (${startersOf(projectId, asked)})
    select m.fan_id is not null as "isMember", count(*)::int as fans
      from starters s
      left join segment_member m on m.project_id = ${projectId} and m.segment_id = ${id} and m.fan_id = s.id
     group by 1`.execute(db);
  return rows.map(({ isMember, fans }) => ({ ...done, ...(isMember && { reason: 'already' }), fans }));
}

/** R69, R70: an open window, or the one private answer to the comment that begins it. */
export async function dmFates(
  db: Db,
  projectId: string,
  asked: Asked,
  at: number,
  { connections, now, isStopped }: { connections: readonly Connection[]; now: Date; isStopped: boolean },
): Promise<Fates> {
  const step = asked.steps[at];
  if (step === undefined) throw new RangeError('there is no such step');
  const wanted = stepReferences(step).find(({ kind }) => kind === 'connection')?.id;
  const account = connections.find(
    ({ id, social }) => social !== null && (wanted === undefined || id === wanted),
  );
  const client = account?.social ?? null;
  const isUp = client?.account != null && account?.state !== 'needs_reconnect';
  const openSince = new Date(now.getTime() - (client?.windowMs.message ?? 0));
  const adSince = new Date(now.getTime() - (client?.windowMs.ad ?? 0));
  const { rows } = await sql<Standing & { fans: number }>`
    with starters as materialized (${startersOf(projectId, asked)}),
    addresses as (
      select distinct on (fan_id) fan_id, value from address
       where project_id = ${projectId} and channel = 'instagram' order by fan_id, created_at, value)
    select a.value is not null as "hasAddress", o.address is not null as "isOptedOut",
           coalesce(c.silenced_until > ${now}, false) as "isSilenced",
           coalesce(c.last_message_at > ${openSince} or c.from_ad_at > ${adSince}, false) as "isOpen",
           count(*)::int as fans
      from starters s
      left join addresses a on a.fan_id = s.id
      left join opt_out o on o.project_id = ${projectId} and o.channel = 'instagram' and o.address = a.value
       and o.cleared_at is null
      left join instagram_conversation c on c.project_id = ${projectId} and c.connection_id = ${account?.id ?? null}::uuid
       and c.address = a.value
     group by 1, 2, 3, 4`.execute(db);
  return rows.map(({ fans, ...standing }) => ({
    ...(isUp ? held(dmFate(asked, at, standing), isStopped) : unmet('ig_disconnected', step.onUnmet)),
    fans,
  }));
}

function held(fate: Fate, isStopped: boolean): Fate {
  return isStopped && fate.status === 'done' ? { status: 'held', reason: 'sending_stopped' } : fate;
}

interface Standing {
  hasAddress: boolean;
  isOptedOut: boolean;
  isSilenced: boolean;
  isOpen: boolean;
}

function dmFate({ trigger, steps }: Asked, at: number, fan: Standing): Fate {
  if (!fan.hasAddress) return skipped('no_address');
  if (fan.isOptedOut) return skipped('opted_out');
  if (fan.isSilenced) return skipped('ig_person');
  const isFirst = !steps.slice(0, at).some(({ step }) => stepDefinition(step).group === 'social');
  if (fan.isOpen || trigger.trigger === 'instagram-dm') return done;
  if (trigger.trigger === 'instagram-comment') return isFirst ? done : skipped('ig_reply_used');
  return skipped('ig_window');
}
