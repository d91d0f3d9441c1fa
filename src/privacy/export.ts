import { sql, type RawBuilder } from 'kysely';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { Sealer } from '#lib/seal.ts';

export interface FanExport {
  exportedAt: string;
  /** Who keeps it. */
  keptBy: { project: string; programme: string; legalSender: string; contact: string };
  /** A part for each kind of fact, in the words of the API. */
  [part: string]: unknown;
}

/**
 * Everything that is kept of a fan, as JSON (R86): what she gave, agreed to, wrote and was sent, what was
 * done for her and what is still to be done. Without secrets: of a linked service, that and until when it
 * is linked. 404 where there is no such fan.
 */
export async function exportFan(
  { db, sealer }: { db: Db; sealer: Pick<Sealer, 'unseal'> },
  projectId: string,
  fanId: string,
  now: Date,
): Promise<FanExport> {
  const parts = partsOf(projectId, fanId);
  const columns = Object.entries(parts).map(
    ([name, query]) => sql`(select coalesce(json_agg(x), '[]') from (${query}) x) as ${sql.ref(name)}`,
  );
  const { rows } = await sql<Record<string, unknown[]> & { keptBy: FanExport['keptBy'] }>`
    select json_build_object('project', p.name, 'programme', p.programme, 'legalSender', p.legal_sender,
             'contact', p.contact) as "keptBy", ${sql.join(columns)}
      from project p where p.id = ${projectId}`.execute(db);
  const row = rows[0];
  if (row?.['fan']?.[0] === undefined) throw new UserError(404, 'not_found', 'There is no such fan.');
  const { keptBy, fan, sent = [], ...rest } = row;
  return {
    exportedAt: now.toISOString(),
    keptBy,
    fan: fan[0],
    ...rest,
    sent: sent.map((message) => withWords(sealer, message as SentRow)), // As: selected below.
  };
}

type SentRow = Record<string, unknown> & { payload: string | null };

/** One query a part. */
function partsOf(projectId: string, fanId: string): Record<string, RawBuilder<unknown>> {
  const mine = sql`project_id = ${projectId} and fan_id = ${fanId}`;
  const ofAddress = sql`in (select value from address where ${mine})`;
  const title = sql`(select title from release r where r.project_id = x.project_id and r.id = x.release_id)`;
  return {
    fan: sql`
      select id, name, language, country, zip, created_at as "createdAt", is_sms_held as "textsHeld"
        from fan where project_id = ${projectId} and id = ${fanId}`,
    addresses: sql`
      select channel, value, created_at as "knownSince" from address where ${mine} order by created_at`,
    consents: sql`
      select id, channel, address, text, text_version as "textVersion", method, source, per_month as "perMonth",
             granted_at as "grantedAt", active_at as "activeAt", revoked_at as "revokedAt", revoked_by as "revokedBy"
        from consent where ${mine} order by granted_at`,
    optOuts: sql`
      select channel, address, word, at, cleared_at as "clearedAt" from opt_out
       where project_id = ${projectId} and address ${ofAddress} order by at`,
    blocks: sql`
      select sender, address, at from block where project_id = ${projectId} and address ${ofAddress} order by at`,
    suppressions: sql`
      select address, reason, detail, at from suppression
       where project_id = ${projectId} and address ${ofAddress} order by at`,
    services: sql`
      select service, state, provider_account as "account", display_name as "accountName", scopes,
             authorised_at as "linkedAt", dies_at as "endsAt"
        from streaming_grant where ${mine} order by service`,
    allowed: sql`
      select kind, words, source, given_at as "givenAt", revoked_at as "revokedAt",
             coalesce((select title from release r where r.project_id = p.project_id and r.id = p.target_id),
                      (select name from artist a where a.project_id = p.project_id and a.id = p.target_id)) as about
        from purpose p where ${mine} order by given_at`,
    saves: sql`
      select ${title} as release, service, state, reason, created_at as "createdAt", performed_at as "performedAt",
             renew_by as "renewBy"
        from save x where ${mine} order by created_at`,
    follows: sql`
      select (select name from artist a where a.project_id = f.project_id and a.id = f.artist_id) as artist,
             service, at, undone_at as "undoneAt"
        from followed f where ${mine} order by at`,
    segments: sql`
      select (select name from segment s where s.project_id = m.project_id and s.id = m.segment_id) as name,
             added_at as "addedAt"
        from segment_member m where ${mine} order by added_at`,
    events: sql`
      select id, type, source, subject, occurred_at as "occurredAt" from event where ${mine} order by id`,
    received: sql`
      select channel, from_address as "from", to_address as "to", body, reason, received_at as "at"
        from inbox_message where ${mine} order by id`,
    conversations: sql`
      select address, last_message_at as "lastMessageAt", from_ad_at as "fromAdAt", person_at as "personAt"
        from instagram_conversation where ${mine} order by last_message_at`,
    comments: sql`
      select comment_id as "commentId", media_id as "mediaId", commented_at as "at"
        from instagram_comment where ${mine} order by commented_at`,
    sent: sql`
      select m.id, m.channel, m.sender as "from", m.address as "to", m.class, m.sent_at as "at",
             i.state, i.delivery->>'status' as delivery, encode(i.payload, 'base64') as payload
        from message m left join intent i on i.project_id = m.project_id and i.id = m.id
       where m.project_id = ${projectId} and m.fan_id = ${fanId} order by m.sent_at`,
    runs: sql`
      select r.id, (select name from flow f where f.project_id = r.project_id and f.id = r.flow_id) as flow,
             r.state, r.started_at as "startedAt", r.ended_at as "endedAt",
             (select coalesce(json_agg(json_build_object('position', o.position, 'service', nullif(o.service, ''),
                       'status', o.status, 'reason', o.reason, 'at', o.started_at) order by o.position, o.service), '[]')
                from outcome o where o.project_id = r.project_id and o.run_id = r.id) as steps
        from run r where ${mine} order by r.id`,
    open: sql`
      select kind, service, due_at as "dueAt", deadline_at as "until" from work
       where ${mine} and cancel is null order by created_at`,
    links: sql`
      select purpose, created_at as "createdAt", expires_at as "expiresAt" from short_link where ${mine}
       order by created_at`,
    toldElsewhere: sql`
      select w.url, d.type, d.state, d.created_at as "at" from webhook_delivery d
        join webhook_endpoint w on w.project_id = d.project_id and w.id = d.endpoint_id
       where d.project_id = ${projectId} and d.fan_id = ${fanId} order by d.created_at`,
  };
}

/** What a message said, while it is kept. */
function withWords(
  sealer: Pick<Sealer, 'unseal'>,
  { payload, ...message }: SentRow,
): Record<string, unknown> {
  return { ...message, ...wordsOf(sealer, payload) };
}

/** From what was sealed with the message; null: past its time. */
export function wordsOf(
  sealer: Pick<Sealer, 'unseal'>,
  payload: string | null,
): { subject?: string; body: string | null } {
  if (payload === null || payload === '') return { body: null };
  try {
    const sealed = sealer.unseal(Buffer.from(payload, 'base64'));
    // As: a text has its body, a mail its subject and body inside.
    const { body, email } = JSON.parse(sealed) as {
      body?: string;
      email?: { subject: string; body: string };
    };
    return email === undefined ? { body: body ?? null } : { subject: email.subject, body: email.body };
  } catch {
    return { body: null };
  }
}
