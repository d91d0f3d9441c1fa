import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { Sealer } from '#lib/seal.ts';
import { packFor } from '#messages/countries/index.ts';
import { countryOf } from '#messages/number-country.ts';
import type { EvidencePack } from './contract.ts';
import { wordsOf } from './export.ts';

type Consent = EvidencePack['consents'][number];
type Message = EvidencePack['messages'][number];

interface Row {
  madeBy: EvidencePack['madeBy'];
  addresses: { channel: string; value: string; since: string }[] | null;
  consents: Consent[] | null;
  optOuts: EvidencePack['optOuts'] | null;
  messages: (Omit<Message, 'basis' | 'consentId' | 'body'> & { payload: string | null })[] | null;
  received: EvidencePack['received'] | null;
}

/**
 * "Why did you text me?": of one fan, everything that answers it, oldest first (R38, R95, R96). Consent
 * with the words that were shown and where; every message with the permission it rests on, which is
 * worked out from the consents here and not taken from anywhere; what the fan wrote; every STOP.
 * Changes nothing. 404 where there is no such fan.
 */
export async function packEvidence(
  { db, sealer }: { db: Db; sealer: Pick<Sealer, 'unseal'> },
  projectId: string,
  fanId: string,
  now: Date,
): Promise<EvidencePack> {
  const row = await readRow(db, projectId, fanId);
  if (row?.addresses == null) throw new UserError(404, 'not_found', 'There is no such fan.');
  const consents = row.consents ?? [];
  return {
    madeAt: now.toISOString(),
    madeBy: row.madeBy,
    addresses: row.addresses.map((one) => ({ ...one, rules: rulesOf(one) })),
    consents,
    optOuts: row.optOuts ?? [],
    messages: (row.messages ?? []).map(({ payload, ...message }) => ({
      ...message,
      body: wordsOf(sealer, payload).body,
      ...basisOf(message, consents),
    })),
    received: row.received ?? [],
  };
}

/** The rules that hold for a number, with the day they were looked at (R99). */
function rulesOf({ channel, value }: { channel: string; value: string }) {
  if (channel !== 'sms') return null;
  const { name, checkedOn } = packFor(countryOf(value));
  return { country: name, checkedOn };
}

/**
 * What permitted a message: a consent for its channel and address that was active when it left, her own
 * text where it was the one answer to that (R94), the law for confirmations. None: nothing that we know of.
 */
function basisOf(
  { class: kind, channel, to, at }: Pick<Message, 'class' | 'channel' | 'to' | 'at'>,
  consents: readonly Consent[],
): Pick<Message, 'basis' | 'consentId'> {
  if (kind === 'compliance' || kind === 'answer') return { basis: 'answer', consentId: null };
  const sentAt = Date.parse(at);
  const consent = consents.findLast(
    ({ channel: of, address, activeAt, revokedAt }) =>
      of === channel &&
      address === to &&
      activeAt !== null &&
      Date.parse(activeAt) <= sentAt &&
      (revokedAt === null || Date.parse(revokedAt) > sentAt),
  );
  if (consent !== undefined) return { basis: 'consent', consentId: consent.id };
  return { basis: kind === 'reply' ? 'reply' : 'none', consentId: null };
}

async function readRow(db: Db, projectId: string, fanId: string): Promise<Row | undefined> {
  const mine = sql`x.project_id = ${projectId} and x.fan_id = ${fanId}`;
  const { rows } = await sql<Row>`
    select json_build_object('project', p.name, 'programme', p.programme, 'legalSender', p.legal_sender,
                             'contact', p.contact) as "madeBy",
      (select json_agg(json_build_object('channel', channel, 'value', value, 'since', created_at)
                       order by created_at, value)
         from address x where ${mine} and channel <> 'account') as addresses,
      (select json_agg(json_build_object('id', x.id, 'channel', x.channel, 'address', x.address, 'text', x.text,
                'textVersion', x.text_version, 'method', x.method, 'source', x.source, 'perMonth', x.per_month,
                'grantedAt', x.granted_at, 'activeAt', x.active_at, 'revokedAt', x.revoked_at,
                'revokedBy', x.revoked_by,
                'callToAction', (select json_build_object('place', a.place, 'link', a.link,
                                                          'publishedAt', a.published_at)
                   from call_to_action a
                  where a.project_id = x.project_id and a.flow_id::text = x.source->>'flowId'
                    and a.version = x.text_version)) order by x.granted_at, x.id)
         from consent x where ${mine}) as consents,
      (select json_agg(json_build_object('channel', o.channel, 'address', o.address, 'word', o.word, 'at', o.at,
                                         'clearedAt', o.cleared_at) order by o.at)
         from opt_out o where o.project_id = ${projectId}
          and (o.channel, o.address) in (select x.channel, x.value from address x where ${mine})) as "optOuts",
      (select json_agg(json_build_object('at', x.sent_at, 'channel', x.channel, 'class', x.class,
                'from', x.sender, 'to', x.address, 'state', coalesce(i.state, 'done'),
                'delivery', i.delivery->>'status', 'payload', encode(i.payload, 'base64'),
                'flow', (select f.name from run r join flow f on f.project_id = r.project_id and f.id = r.flow_id
                          where r.project_id = x.project_id and r.id = x.run_id)) order by x.sent_at, x.id)
         from message x left join intent i on i.project_id = x.project_id and i.id = x.id
        where ${mine}) as messages,
      (select json_agg(json_build_object('at', h.at, 'channel', h.channel, 'body', h.body, 'reading', h.reading)
                       order by h.at)
         from (select x.occurred_at as at, 'sms' as channel, x.subject->>'text' as body,
                      coalesce(x.subject->>'reading', 'keyword') as reading
                 from event x where ${mine} and x.type in ('sms.received', 'sms.keyword')
                  and coalesce(x.subject->>'reading', '') not in ('unmatched', 'doubt')
               union all
               select x.received_at, x.channel, x.body, x.reason from inbox_message x where ${mine}) h) as received
      from project p where p.id = ${projectId}`.execute(db);
  return rows[0];
}
