import { sql, type RawBuilder } from 'kysely';
import type { z } from 'zod';
import type { Db } from '#db/database.ts';
import type { TriggerId } from '#triggers/index.ts';
import type { forecastFlow } from './contract.ts';

export type Forecast = z.input<typeof forecastFlow.response & object>;
export type Asked = z.output<typeof forecastFlow.body & object>;
type NotStarting = Forecast['notStarting'][number]['reason'];

/** Who can do what starts a flow: fans with an address of the channel, or anybody. */
const needs: Record<TriggerId, 'sms' | 'email' | 'instagram' | 'nextsave' | null> = {
  keyword: 'sms',
  'sms-sign-up': 'sms',
  'email-sign-up': 'email',
  'instagram-dm': 'instagram',
  'instagram-comment': 'instagram',
  'new-release': 'nextsave',
  presave: null,
  follow: null,
  'library-add': null,
  nextsave: null,
};

const missing: Record<'sms' | 'email' | 'instagram' | 'nextsave', NotStarting> = {
  sms: 'no_number',
  email: 'no_email',
  instagram: 'no_instagram',
  nextsave: 'no_nextsave',
};

/** Fans who would start the flow, as a query of their ids: `select id, is_sms_held …`. */
export function startersOf(projectId: string, asked: Asked): RawBuilder<unknown> {
  return sql`
    select f.id, f.is_sms_held, f.created_at from fan f
     where f.project_id = ${projectId} and ${canStart(projectId, asked)} and not ${beenThrough(projectId, asked)}`;
}

/** All fans, those who would start it, and why the others would not. */
export async function countStarters(db: Db, projectId: string, asked: Asked) {
  const { rows } = await sql<{ fans: number; able: number; starts: number }>`
    select count(*)::int as fans, count(*) filter (where able)::int as able,
           count(*) filter (where able and not been)::int as starts
      from (select ${canStart(projectId, asked)} as able, ${beenThrough(projectId, asked)} as been
              from fan f where f.project_id = ${projectId}) f`.execute(db);
  const { fans, able, starts } = rows[0] ?? { fans: 0, able: 0, starts: 0 };
  const need = needs[asked.trigger.trigger];
  const others: Forecast['notStarting'] = [
    ...(need === null ? [] : [{ reason: missing[need], fans: fans - able }]),
    { reason: 'been_through', fans: able - starts },
  ];
  return { fans, starts, notStarting: others.filter((one) => one.fans > 0) };
}

function canStart(projectId: string, { trigger }: Asked): RawBuilder<unknown> {
  const need = needs[trigger.trigger];
  if (need === null) return sql`true`;
  if (need === 'nextsave') {
    return sql`f.id in (select fan_id from purpose
                         where project_id = ${projectId} and kind = 'future' and revoked_at is null)`;
  }
  return sql`f.id in (select fan_id from address where project_id = ${projectId} and channel = ${need})`;
}

function beenThrough(projectId: string, { flowId, reentry }: Asked): RawBuilder<unknown> {
  if (flowId === undefined || reentry?.policy !== 'once') return sql`false`;
  return sql`f.id in (select fan_id from reentry where project_id = ${projectId} and flow_id = ${flowId})`;
}
