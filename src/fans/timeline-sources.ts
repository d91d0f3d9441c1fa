import { type RawBuilder, sql } from 'kysely';

/** A select of `kind`, `id` (text), `at` and `data` (json) of one fan. */
type Source = RawBuilder<unknown>;

/** Everything that a fan's timeline is made of; each source reads by an index that begins with the fan. */
export function timelineSources(projectId: string, fanId: string): Source[] {
  const mine = (alias: string) =>
    sql`${sql.ref(`${alias}.project_id`)} = ${projectId} and ${sql.ref(`${alias}.fan_id`)} = ${fanId}`;
  return [
    events(mine),
    runs(mine),
    messages(mine),
    inbox(mine),
    ...consents(mine),
    ...optOuts(mine),
    ...streaming(mine),
    segments(mine),
  ];
}

type Mine = (alias: string) => RawBuilder<unknown>;

const releaseTitle = (projectId: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
  sql`(select r.title from release r where r.project_id = ${projectId} and r.id = ${id})`;
const artistName = (projectId: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
  sql`(select a.name from artist a where a.project_id = ${projectId} and a.id = ${id})`;

/** Texts that are in the inbox stand there, with their words. */
function events(mine: Mine): Source {
  return sql`
    select 'event' as kind, e.id::text as id, e.occurred_at as at,
           json_build_object('id', e.id, 'type', e.type, 'subject', e.subject, 'source', e.source,
             'about', coalesce(
               ${releaseTitle(sql`e.project_id`, sql`nullif(e.subject->>'releaseId', '')::uuid`)},
               ${artistName(sql`e.project_id`, sql`nullif(e.subject->>'artistId', '')::uuid`)})) as data
      from event e where ${mine('e')} and coalesce(e.subject->>'reading', '') not in ('unmatched', 'doubt')`;
}

function runs(mine: Mine): Source {
  return sql`
    select 'run' as kind, r.id::text as id, r.started_at as at,
           json_build_object('id', r.id, 'flowId', r.flow_id, 'state', r.state,
             'flowName', coalesce((select name from flow f where f.project_id = r.project_id and f.id = r.flow_id), ''),
             'outcomes', coalesce((select json_object_agg(status, count)
                from (select o.status, count(*) as count from outcome o
                       where o.project_id = r.project_id and o.run_id = r.id group by o.status) s), '{}')) as data
      from run r where ${mine('r')}`;
}

function messages(mine: Mine): Source {
  return sql`
    select 'message' as kind, m.id::text as id, m.sent_at as at,
           json_build_object('id', m.id, 'channel', m.channel, 'class', m.class, 'sender', m.sender,
             'body', null, 'parts', m.parts, 'runId', m.run_id, 'state', coalesce(i.state, 'done'),
             'delivery', case when i.delivery is not null then json_build_object(
                'status', i.delivery->>'status', 'reason', i.delivery->>'reason') end) as data
      from message m left join intent i on i.project_id = m.project_id and i.id = m.id
     where ${mine('m')}`;
}

function inbox(mine: Mine): Source {
  return sql`
    select 'inbox' as kind, x.id::text as id, x.received_at as at,
           json_build_object('id', x.id, 'channel', x.channel, 'body', x.body, 'reason', x.reason) as data
      from inbox_message x where ${mine('x')}`;
}

function consents(mine: Mine): Source[] {
  const data = sql`json_build_object('id', c.id, 'channel', c.channel, 'method', c.method, 'text', c.text,
    'word', c.revoked_by) as data`;
  return [
    sql`select 'consent' as kind, c.id::text as id, c.granted_at as at, ${data} from consent c where ${mine('c')}`,
    // One that another took the place of did not end.
    sql`select 'consent_ended' as kind, c.id::text as id, c.revoked_at as at, ${data}
          from consent c where ${mine('c')} and c.revoked_at is not null and c.revoked_by is distinct from 'replaced'`,
  ];
}

function optOuts(mine: Mine): Source[] {
  const from = sql`
    from address a join opt_out o on o.project_id = a.project_id and o.channel = a.channel and o.address = a.value
   where ${mine('a')}`;
  const data = sql`json_build_object('channel', o.channel, 'word', o.word) as data`;
  return [
    sql`select 'opt_out' as kind, o.channel || ' ' || o.address as id, o.at as at, ${data} ${from}`,
    sql`select 'opted_back_in' as kind, o.channel || ' ' || o.address as id, o.cleared_at as at, ${data}
        ${from} and o.cleared_at is not null`,
    sql`select 'block' as kind, b.sender || ' ' || b.address as id, b.at as at,
               json_build_object('sender', b.sender) as data
          from address a join block b on b.project_id = a.project_id and b.address = a.value
         where ${mine('a')} and a.channel = 'sms'`,
  ];
}

function streaming(mine: Mine): Source[] {
  return [
    sql`select 'linked' as kind, g.service as id, g.authorised_at as at,
               json_build_object('service', g.service, 'diesAt', g.dies_at, 'state', g.state) as data
          from streaming_grant g where ${mine('g')}`,
    sql`select 'allowed' as kind, p.kind || ' ' || p.target_id as id, p.given_at as at,
               json_build_object('purpose', p.kind, 'words', p.words, 'about', coalesce(
                 ${releaseTitle(sql`p.project_id`, sql`p.target_id`)},
                 ${artistName(sql`p.project_id`, sql`p.target_id`)})) as data
          from purpose p where ${mine('p')} and p.revoked_at is null`,
    sql`select 'save' as kind, s.release_id || ' ' || s.service as id, coalesce(s.performed_at, s.created_at) as at,
               json_build_object('releaseId', s.release_id, 'service', s.service, 'state', s.state,
                 'about', ${releaseTitle(sql`s.project_id`, sql`s.release_id`)}) as data
          from save s where ${mine('s')}`,
    sql`select 'followed' as kind, d.artist_id || ' ' || d.service as id, coalesce(d.undone_at, d.at) as at,
               json_build_object('service', d.service, 'isUndone', d.undone_at is not null,
                 'about', ${artistName(sql`d.project_id`, sql`d.artist_id`)}) as data
          from followed d where ${mine('d')}`,
  ];
}

function segments(mine: Mine): Source {
  return sql`
    select 'segment' as kind, m.segment_id::text as id, m.added_at as at,
           json_build_object('segmentId', m.segment_id, 'about', s.name) as data
      from segment_member m join segment s on s.project_id = m.project_id and s.id = m.segment_id
     where ${mine('m')}`;
}
