import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { PageOwner } from '#fans/own-page.ts';

export interface OwnChannel {
  channel: 'sms' | 'email' | 'instagram';
  /** Kept in full; shown in full only to who proved to be her. */
  address: string;
  /** `on`: messages may come; `off`: she stopped them; `none`: she never agreed. */
  state: 'on' | 'off' | 'none';
}

/** What the switches of a fan's own page are about (R120). */
export interface OwnPage {
  slug: string;
  programme: string;
  legalSender: string;
  contact: string;
  zone: string;
  language: string | null;
  channels: OwnChannel[];
  services: { service: string; state: 'live' | 'expired' | 'refused_by_app'; diesAt: string | null }[];
  artists: { id: string; name: string; kinds: ('follow' | 'future')[] }[];
  pending: {
    releaseId: string;
    title: string;
    service: string;
    state: 'scheduled' | 'reminder_set';
    releaseAt: string;
    releaseMode: 'global' | 'local';
  }[];
}

/** Null: she was erased in between. */
export async function readOwnPage(
  db: Db,
  { projectId, fanId }: Pick<PageOwner, 'projectId' | 'fanId'>,
): Promise<OwnPage | null> {
  const { rows } = await sql<OwnPage>`
    select p.slug, p.programme, p.legal_sender as "legalSender", p.contact, p.zone, f.language,
      coalesce((select json_agg(json_build_object('channel', a.channel, 'address', a.value, 'state',
                  case when o.at is not null or s.reason is not null then 'off'
                       when a.channel = 'instagram' or exists (
                         select 1 from consent c where c.project_id = a.project_id and c.channel = a.channel
                            and c.address = a.value and c.revoked_at is null and c.active_at is not null) then 'on'
                       else 'none' end) order by a.channel desc, a.created_at, a.value)
         from address a
         left join opt_out o on o.project_id = a.project_id and o.channel = a.channel and o.address = a.value
              and o.cleared_at is null
         left join suppression s on s.project_id = a.project_id and a.channel = 'email' and s.address = a.value
        where a.project_id = f.project_id and a.fan_id = f.id
          and a.channel in ('sms', 'email', 'instagram')), '[]') as channels,
      coalesce((select json_agg(json_build_object('service', service, 'state', state, 'diesAt', dies_at) order by service)
         from streaming_grant where project_id = f.project_id and fan_id = f.id and state <> 'revoked'), '[]') as services,
      coalesce((select json_agg(json_build_object('id', id, 'name', name, 'kinds', kinds) order by name)
         from (select a.id, a.name, array_agg(distinct u.kind) as kinds
                 from purpose u join artist a on a.project_id = u.project_id and a.id = u.target_id
                where u.project_id = f.project_id and u.fan_id = f.id and u.revoked_at is null
                  and u.kind in ('follow', 'future') group by a.id, a.name) x), '[]') as artists,
      coalesce((select json_agg(json_build_object('releaseId', r.id, 'title', r.title, 'service', v.service,
                  'state', v.state, 'releaseAt', r.release_at, 'releaseMode', r.release_mode)
                  order by r.release_at, r.id, v.service)
         from save v join release r on r.project_id = v.project_id and r.id = v.release_id
        where v.project_id = f.project_id and v.fan_id = f.id
          and v.state in ('scheduled', 'reminder_set')), '[]') as pending
      from fan f join project p on p.id = f.project_id
     where f.project_id = ${projectId} and f.id = ${fanId}`.execute(db);
  return rows[0] ?? null;
}
