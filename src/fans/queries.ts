import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { FanView } from './contract.ts';

export interface FanFilter {
  ids?: readonly string[];
  phone?: string | undefined;
  email?: string | undefined;
  instagram?: string | undefined;
  segmentId?: string | undefined;
}

type FanRow = Omit<FanView, 'connectUrl' | 'sendingHeld'> & { isSmsHeld: boolean };

/** Fans of a project who have all of the addresses named, newest first, before the id `before`. */
export async function listFanRows(
  db: Db,
  projectId: string,
  filter: FanFilter,
  page: { before: string | null; limit: number },
): Promise<FanRow[]> {
  const { ids, phone, email, instagram, segmentId } = filter;
  const hasAddress = (channel: string, value: string) => sql`f.id in (
    select fan_id from address where project_id = ${projectId} and channel = ${channel} and value = ${value})`;
  const conditions = [
    sql`f.project_id = ${projectId}`,
    ...(page.before === null ? [] : [sql`f.id < ${page.before}`]),
    ...(ids === undefined ? [] : [sql`f.id = any(${[...ids]})`]),
    ...(phone === undefined ? [] : [hasAddress('sms', phone)]),
    ...(email === undefined ? [] : [hasAddress('email', email)]),
    ...(instagram === undefined ? [] : [hasAddress('instagram', instagram)]),
    ...(segmentId === undefined
      ? []
      : [
          sql`f.id in (select fan_id from segment_member
                        where project_id = ${projectId} and segment_id = ${segmentId})`,
        ]),
  ];
  const { rows } = await sql<FanRow>`
    select f.id, f.is_sms_held as "isSmsHeld",
           ${firstAddress('sms')} as phone, ${firstAddress('email')} as email,
           ${firstAddress('instagram')} as instagram,
           ${consents} as consents, ${grants} as grants, ${segments} as segments
      from fan f where ${sql.join(conditions, sql` and `)}
     order by f.id desc limit ${page.limit}`.execute(db);
  return rows;
}

const firstAddress = (channel: string) => sql`(
  select a.value from address a where a.project_id = f.project_id and a.fan_id = f.id and a.channel = ${channel}
   order by a.created_at, a.value limit 1)`;

const consents = sql`coalesce((
  select json_agg(json_build_object('id', c.id, 'channel', c.channel, 'address', c.address, 'text', c.text,
           'textVersion', c.text_version, 'source', c.source, 'grantedAt', c.granted_at,
           'revokedAt', c.revoked_at) order by c.granted_at desc, c.id desc)
    from consent c where c.project_id = f.project_id and c.fan_id = f.id), '[]')`;

const purposes = sql`coalesce((
  select json_agg(json_build_object('kind', p.kind, 'targetId', p.target_id, 'givenAt', p.given_at)
           order by p.given_at, p.target_id)
    from purpose p where p.project_id = f.project_id and p.fan_id = f.id and p.revoked_at is null), '[]')`;

const grants = sql`coalesce((
  select json_agg(json_build_object('service', g.service, 'state', g.state, 'authorisedAt', g.authorised_at,
           'diesAt', g.dies_at, 'purposes', ${purposes}) order by g.service)
    from streaming_grant g where g.project_id = f.project_id and g.fan_id = f.id), '[]')`;

const segments = sql`coalesce((
  select json_agg(m.segment_id order by m.added_at, m.segment_id)
    from segment_member m where m.project_id = f.project_id and m.fan_id = f.id), '[]')`;
