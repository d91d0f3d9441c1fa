import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import { endEmail } from '../email/end-email.ts';
import type { ReceivedMessage } from './entries.ts';

/** What a batch of messages changes, beside windows and runs. */
export interface MessageWrites {
  /** By address; null: it is taken back. */
  optedOut: Map<string, { word: string; at: Date } | null>;
  silenced: { message: ReceivedMessage; until: Date }[];
  inbox: { fanId: string; message: ReceivedMessage; reason: string }[];
  /** Messages that ask other things to end: texts wait until a person has read them (R41), mails end. */
  elsewhere: { fanId: string; message: ReceivedMessage; isAboutMails: boolean }[];
}

export function noWrites(): MessageWrites {
  return { optedOut: new Map(), silenced: [], inbox: [], elsewhere: [] };
}

/** Answers with the gates that the caller has to move. */
export async function writeMessages(
  tx: Tx,
  projectId: string,
  out: MessageWrites,
  now: Date,
): Promise<string[]> {
  await writeOptOuts(tx, projectId, out.optedOut, now);
  await writeSilences(tx, projectId, out.silenced);
  const held = await holdTexts(tx, projectId, out.elsewhere);
  await endMails(tx, projectId, out.elsewhere);
  // Whose number nobody knows has no texts to hold: a person reads it all the same.
  const unheld = out.elsewhere.filter(({ fanId }) => !held.has(fanId));
  const unread = unheld.map((one) => ({ ...one, reason: 'unmatched' }));
  await writeInbox(tx, projectId, [...out.inbox, ...unread]);
  return [...held].map((fanId) => gateKeys.sms(fanId));
}

/** R73. One that is late does not undo a return, nor the other way round. */
async function writeOptOuts(tx: Tx, projectId: string, changes: MessageWrites['optedOut'], now: Date) {
  if (changes.size === 0) return;
  const rows = [...changes].map(([address, given]) => ({
    address,
    word: given?.word ?? null,
    at: given?.at ?? now,
  }));
  await sql`
    insert into opt_out (project_id, channel, address, word, at)
    select ${projectId}, 'instagram', address, word, at
      from json_to_recordset(${JSON.stringify(rows)}::json) as o(address text, word text, at timestamptz)
     where word is not null order by address
    on conflict (project_id, channel, address) do update
      set word = excluded.word, at = excluded.at, cleared_at = null
      where opt_out.cleared_at < excluded.at`.execute(tx);
  await sql`
    update opt_out o set cleared_at = c.at
      from json_to_recordset(${JSON.stringify(rows)}::json) as c(address text, word text, at timestamptz)
     where o.project_id = ${projectId} and o.channel = 'instagram' and o.address = c.address
       and c.word is null and o.cleared_at is null`.execute(tx);
}

/** R116: a person answers; until then nothing automatic does. */
async function writeSilences(tx: Tx, projectId: string, silenced: MessageWrites['silenced']) {
  if (silenced.length === 0) return;
  const rows = silenced.map(({ message, until }) => ({
    connection_id: message.connectionId,
    address: message.address,
    until,
  }));
  await sql`
    update instagram_conversation c set silenced_until = greatest(c.silenced_until, s.until)
      from (select connection_id, address, max(until) as until
              from json_to_recordset(${JSON.stringify(rows)}::json)
                   as s(connection_id uuid, address text, until timestamptz) group by 1, 2) s
     where c.project_id = ${projectId} and c.connection_id = s.connection_id and c.address = s.address`.execute(
    tx,
  );
}

const withoutWords = '(a picture, a video or a voice message)';

async function writeInbox(tx: Tx, projectId: string, inbox: MessageWrites['inbox']) {
  if (inbox.length === 0) return;
  const rows = inbox.map(({ fanId, message, reason }) => ({
    id: newId(),
    fan_id: fanId,
    from_address: message.address,
    to_address: message.account,
    connection_id: message.connectionId,
    body: message.text.trim() === '' ? withoutWords : message.text,
    reason,
    at: message.at,
  }));
  await sql`
    insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, connection_id, body, reason,
                               received_at)
    select ${projectId}, id, fan_id, 'instagram', from_address, to_address, connection_id, body, reason, at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as m(id uuid, fan_id uuid, from_address text, to_address text, connection_id uuid, body text,
                reason text, at timestamptz)`.execute(tx);
}

/** R41: the doubt is about her numbers, and stands in the inbox as a text of each would. Who is held. */
async function holdTexts(
  tx: Tx,
  projectId: string,
  elsewhere: MessageWrites['elsewhere'],
): Promise<Set<string>> {
  const about = elsewhere.filter(({ isAboutMails }) => !isAboutMails);
  if (about.length === 0) return new Set();
  const rows = about.map(({ fanId, message }) => ({ fan_id: fanId, body: message.text, at: message.at }));
  const { rows: numbers } = await sql<Doubt>`
    select n.fan_id, n.body, n.at, a.value as from_address, s.value as to_address, s.connection_id
      from json_to_recordset(${JSON.stringify(rows)}::json) as n(fan_id uuid, body text, at timestamptz)
      join address a on a.project_id = ${projectId} and a.fan_id = n.fan_id and a.channel = 'sms'
      left join lateral (
        select s.value, s.connection_id from loan l
          join sender s on s.connection_id = l.connection_id and s.kind = 'number'
         where l.project_id = ${projectId}
         order by (select max(m.sent_at) from message m
                    where m.project_id = ${projectId} and m.fan_id = n.fan_id and m.sender = s.value) desc nulls last
         limit 1) s on true`.execute(tx);
  const list = JSON.stringify(numbers.map((row) => ({ ...row, id: newId() })));
  await sql`
    insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, connection_id, body, reason,
                               received_at)
    select ${projectId}, id, fan_id, 'sms', from_address, coalesce(to_address, ''), connection_id, body, 'doubt', at
      from json_to_recordset(${list}::json)
           as m(id uuid, fan_id uuid, from_address text, to_address text, connection_id uuid, body text,
                at timestamptz)`.execute(tx);
  const held = [...new Set(numbers.map((row) => row.fan_id))].sort();
  await sql`
    update fan set is_sms_held = true where project_id = ${projectId} and id = any(${held})`.execute(tx);
  return new Set(held);
}

interface Doubt {
  fan_id: string;
  body: string;
  at: Date;
  from_address: string;
  to_address: string | null;
  connection_id: string | null;
}

/** Of mails there is nothing to hold: they end, as by their own link (R75). */
async function endMails(tx: Tx, projectId: string, elsewhere: MessageWrites['elsewhere']): Promise<void> {
  const about = elsewhere.filter(({ isAboutMails }) => isAboutMails);
  if (about.length === 0) return;
  const at = new Map(about.map(({ fanId, message }) => [fanId, message.at]));
  const { rows } = await sql<{ fan_id: string; value: string }>`
    select fan_id, value from address
     where project_id = ${projectId} and channel = 'email' and fan_id = any(${[...at.keys()]})`.execute(tx);
  const ended = rows.map(({ fan_id: fanId, value: address }) => ({
    fanId,
    address,
    word: 'a message on Instagram',
    at: at.get(fanId) ?? new Date(),
  }));
  await endEmail(tx, projectId, ended);
}
