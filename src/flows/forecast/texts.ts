import { sql } from 'kysely';
import type { ProjectFacts } from '#accounts/project-facts.ts';
import type { Connection } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import { firstIdAt } from '#lib/ids.ts';
import { packFor } from '#messages/countries/index.ts';
import { countryVerdict } from '#messages/outbound/requirements.ts';
import { chooseSender, reaches, sendersOf, type Sender } from '#messages/outbound/sender.ts';
import { nextOpening } from '#messages/quiet-hours/window.ts';
import type { LocateNumber, NumberPlace } from '#messages/quiet-hours/zones.ts';
import type { FlowStep } from '../contract.ts';
import { stepDefinition, stepReferences, triggerDefinition, triggerReferences } from '../definition.ts';
import { done, skipped, unmet, type Fate } from './outcomes.ts';
import { startersOf, type Asked } from './population.ts';

const dayMs = 86_400_000;

/** Fans whose numbers begin alike and to whom the same applies. */
export interface TextGroup {
  /** A number of one of them; null: they have none. */
  sample: string | null;
  isOptedOut: boolean;
  isConsented: boolean;
  isHeld: boolean;
  isOverCap: boolean;
  /** Marketing texts in 24 hours. */
  sentToday: number;
  /** Numbers that the provider lets none of them be texted from. */
  blockedFrom: string[];
  fans: number;
}

/** One pass over all fans, whatever they are: as many rows as there are area codes with differences in them. */
export async function readTextGroups(
  db: Db,
  project: ProjectFacts,
  asked: Asked,
  { now, wallNow }: { now: Date; wallNow: Date },
): Promise<TextGroup[]> {
  const since = new Date(now.getTime() - 30 * dayMs);
  const yesterday = new Date(now.getTime() - dayMs);
  // Ids follow the wall clock, which no domain clock is behind: the month's messages are one range of them.
  const oldest = firstIdAt(new Date(wallNow.getTime() - 31 * dayMs));
  const { id: projectId, monthlyCap, allChannelsCap } = project;
  const { rows } = await sql<TextGroup>`
    with starters as materialized (${startersOf(projectId, asked)}),
    numbers as (
      select distinct on (fan_id) fan_id, value from address
       where project_id = ${projectId} and channel = 'sms' order by fan_id, created_at, value),
    sent as (
      select fan_id, count(*) as messages, count(*) filter (where channel = 'sms') as texts,
             (count(*) filter (where channel = 'sms' and sent_at > ${yesterday}))::int as today from message
       where project_id = ${projectId} and id > ${oldest} and class = 'marketing' and sent_at > ${since}
       group by fan_id),
    blocked as (
      select address, array_agg(sender order by sender) as senders from block
       where project_id = ${projectId} group by address)
    select min(n.value) as sample, o.address is not null as "isOptedOut", c.id is not null as "isConsented",
           s.is_sms_held as "isHeld",
           coalesce(m.texts, 0) >= least(coalesce(c.per_month, ${monthlyCap}), ${monthlyCap})
             or coalesce(m.messages >= ${allChannelsCap}::int, false) as "isOverCap",
           coalesce(m.today, 0) as "sentToday", coalesce(b.senders, '{}') as "blockedFrom", count(*)::int as fans
      from starters s
      left join numbers n on n.fan_id = s.id
      left join opt_out o on o.project_id = ${projectId} and o.channel = 'sms' and o.address = n.value
       and o.cleared_at is null
      left join consent c on c.project_id = ${projectId} and c.channel = 'sms' and c.address = n.value
       and c.fan_id = s.id and c.revoked_at is null and c.active_at is not null
      left join sent m on m.fan_id = s.id
      left join blocked b on b.address = n.value
     group by left(n.value, case when n.value like '+1%' then 5 else 6 end), 2, 3, 4, 5, 6, 7`.execute(db);
  return rows;
}

export interface TextContext {
  asked: Asked;
  project: ProjectFacts;
  /** The kill switch is on. */
  isStopped: boolean;
  connections: readonly Connection[];
  locate: LocateNumber;
  now: Date;
}

/** What becomes of a text for such fans: the requirements in the order of `plan-text.ts`. */
export function textFate(
  context: TextContext,
  at: number,
  group: TextGroup,
): Fate & { place: NumberPlace | null } {
  const { locate } = context;
  if (group.sample === null) {
    const hasSender = context.connections.some((one) => sendersOf(one).length > 0);
    return { ...skipped(hasSender ? 'no_address' : 'no_sender'), place: null };
  }
  const place = locate(group.sample);
  return { ...fateOf(context, at, group, group.sample, place), place };
}

function fateOf(
  context: TextContext,
  at: number,
  group: TextGroup,
  sample: string,
  place: NumberPlace,
): Fate {
  const { asked, project, connections, locate, now } = context;
  const step = asked.steps[at];
  if (step === undefined) throw new RangeError('there is no such step');
  const sender = chooseSender(
    connections,
    {
      connectionId: stepReferences(step).find(({ kind }) => kind === 'connection')?.id ?? null,
      repliesFrom: writtenTo(context),
      address: sample,
      textedFrom: null,
    },
    locate,
  );
  if (sender === null) return skipped('no_sender');
  const { isJoining, isAnswer } = allowance(asked, at, place);
  if (group.isOptedOut && !isJoining) return skipped('opted_out');
  if (!group.isConsented && !isJoining && !isAnswer) return skipped('no_consent');
  if (context.isStopped) return { status: 'held', reason: 'sending_stopped' };
  // R41: who texts a keyword is held no longer.
  if (group.isHeld && asked.trigger.trigger !== 'keyword') return { status: 'held', reason: 'opt_out_doubt' };
  const isReachedBy = (one: Sender) => reaches(one, place.country, locate);
  const country = countryVerdict(place.country, project, {
    sender: isReachedBy(sender),
    any: connections.flatMap(sendersOf).some(isReachedBy),
  });
  if (country !== 'ok') return skipped(country);
  if (group.blockedFrom.includes(sender.number)) return unmet('provider_block', step.onUnmet);
  if (isAnswer) return done;
  const { regions } = packFor(place.country);
  const perDay = regions[place.region ?? '']?.maxPerDay ?? Infinity;
  if (group.isOverCap || group.sentToday >= perDay) return skipped('cap');
  return isOpen(place, now) ? done : { status: 'held', reason: 'quiet_hours' };
}

/** R94: whether starting the flow is consent, and whether this text is the one answer to the fan's own. */
function allowance({ trigger, steps }: Asked, at: number, { country }: NumberPlace) {
  const permission = triggerDefinition(trigger).permission(trigger.config as never);
  const isFirst = !steps.slice(0, at).some((one: FlowStep) => stepDefinition(one.step).uses === 'sms');
  const isJoining =
    trigger.trigger === 'sms-sign-up' || (permission === 'consent' && packFor(country).keywordIsConsent);
  return { isJoining, isAnswer: permission !== 'none' && isFirst };
}

/** The number that the trigger listens on. */
function writtenTo({ asked, connections }: TextContext): { connectionId: string; sender: string } | null {
  const wanted = triggerReferences(asked.trigger).find(({ kind }) => kind === 'connection')?.id;
  const [sender] = connections.filter(({ id }) => id === wanted).flatMap(sendersOf);
  return sender === undefined ? null : { connectionId: sender.connectionId, sender: sender.number };
}

function isOpen(place: NumberPlace, now: Date): boolean {
  const { zones, region, country } = place;
  const signal = { source: 'number' as const, zones, region, seenAt: now };
  return nextOpening({ now, signals: zones.length === 0 ? [] : [signal], pack: packFor(country) }).open;
}
