import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { escapeLike } from '#lib/like.ts';
import type { FanView } from './contract.ts';

export interface FanFilter {
  ids?: readonly string[];
  phone?: string | undefined;
  email?: string | undefined;
  instagram?: string | undefined;
  segmentId?: string | undefined;
  /** Part of a name or of an address. */
  q?: string | undefined;
  /** R89: a search through addresses would tell one digit by digit what may not be seen. */
  isByNameOnly?: boolean;
  /** Channel that she agreed to be written to on. */
  consent?: string | undefined;
  /** Streaming service that she has linked. */
  service?: string | undefined;
}

type FanRow = Omit<FanView, 'connectUrl' | 'sendingHeld'> & { isSmsHeld: boolean };

/** Fans of a project who have all of the addresses named, newest first, before the id `before`. */
export async function listFanRows(
  db: Db,
  projectId: string,
  filter: FanFilter,
  page: { before: string | null; limit: number },
): Promise<FanRow[]> {
  const { ids, phone, email, instagram, segmentId, q = '', isByNameOnly, consent, service } = filter;
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
    ...(q === '' ? [] : [isByNameOnly ? namedLike(projectId, q) : foundBy(projectId, q)]),
    ...(consent === undefined
      ? []
      : [
          sql`f.id in (select fan_id from consent where project_id = ${projectId} and channel = ${consent}
                        and revoked_at is null and active_at is not null)`,
        ]),
    ...(service === undefined
      ? []
      : [
          sql`f.id in (select fan_id from streaming_grant
                        where project_id = ${projectId} and service = ${service} and state = 'live')`,
        ]),
  ];
  const { rows } = await sql<FanRow>`
    select f.id, f.name, f.language, f.country, f.created_at as "createdAt", f.is_sms_held as "isSmsHeld",
           ${firstAddress('sms')} as phone, ${firstAddress('email')} as email,
           ${firstAddress('instagram')} as instagram,
           ${consents} as consents, ${optOuts} as "optOuts", ${blocks} as blocks, ${suppressions} as suppressions,
           ${grants} as grants,
           ${segments} as segments
      from fan f where ${sql.join(conditions, sql` and `)}
     order by f.id desc limit ${page.limit}`.execute(db);
  return rows;
}

/**
 * Three characters and more are looked up as part of anything; fewer would be found everywhere, so
 * they count as a beginning. Blanks and signs between the digits of a number are not looked at.
 */
function foundBy(projectId: string, q: string) {
  const isNumber = /^[\d\s()+./-]*\d[\d\s()+./-]*$/.test(q);
  const digits = q.replaceAll(/\D/g, '');
  const address = isNumber ? (digits.length < 3 ? `%${digits}` : `%${digits}%`) : partOf(q.toLowerCase());
  return sql`f.id in (
    select a.fan_id from address a where a.project_id = ${projectId} and a.value like ${address}
    union all
    select n.id from fan n where n.project_id = ${projectId} and n.name ilike ${partOf(q)})`;
}

function namedLike(projectId: string, q: string) {
  return sql`f.id in (
    select n.id from fan n where n.project_id = ${projectId} and n.name ilike ${partOf(q)})`;
}

function partOf(text: string): string {
  return `${text.length < 3 ? '' : '%'}${escapeLike(text)}%`;
}

const firstAddress = (channel: string) => sql`(
  select a.value from address a where a.project_id = f.project_id and a.fan_id = f.id and a.channel = ${channel}
   order by a.created_at, a.value limit 1)`;

const consents = sql`coalesce((
  select json_agg(json_build_object('id', c.id, 'channel', c.channel, 'address', c.address, 'text', c.text,
           'textVersion', c.text_version, 'method', c.method, 'source', c.source, 'perMonth', c.per_month,
           'grantedAt', c.granted_at, 'activeAt', c.active_at, 'revokedAt', c.revoked_at,
           'revokedBy', c.revoked_by) order by c.granted_at desc, c.id desc)
    from consent c where c.project_id = f.project_id and c.fan_id = f.id), '[]')`;

const optOuts = sql`coalesce((
  select json_agg(json_build_object('channel', o.channel, 'address', o.address, 'word', o.word, 'at', o.at)
           order by o.channel, o.address)
    from address a
    join opt_out o on o.project_id = a.project_id and o.channel = a.channel and o.address = a.value
   where a.project_id = f.project_id and a.fan_id = f.id and o.cleared_at is null), '[]')`;

const blocks = sql`coalesce((
  select json_agg(json_build_object('sender', b.sender, 'at', b.at) order by b.sender)
    from address a join block b on b.project_id = a.project_id and b.address = a.value
   where a.project_id = f.project_id and a.fan_id = f.id and a.channel = 'sms'), '[]')`;

const suppressions = sql`coalesce((
  select json_agg(json_build_object('address', s.address, 'reason', s.reason, 'detail', s.detail, 'at', s.at)
           order by s.address)
    from address a join suppression s on s.project_id = a.project_id and s.address = a.value
   where a.project_id = f.project_id and a.fan_id = f.id and a.channel = 'email'), '[]')`;

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

/** Throws 404; what is undefined stays. Answers with what was there before. */
export async function changeFan(
  tx: Tx,
  projectId: string,
  fanId: string,
  change: { name?: string | null | undefined; language?: string | null | undefined },
): Promise<{ name: string | null; language: string | null }> {
  const { rows } = await sql<{ name: string | null; language: string | null }>`
    select name, language from fan where project_id = ${projectId} and id = ${fanId} for no key update`.execute(
    tx,
  );
  const [before] = rows;
  if (before === undefined) throw new UserError(404, 'not_found', 'There is no such fan.');
  const { name = before.name, language = before.language } = change;
  await sql`
    update fan set name = ${name === '' ? null : name}, language = ${language}
     where project_id = ${projectId} and id = ${fanId}`.execute(tx);
  return before;
}
