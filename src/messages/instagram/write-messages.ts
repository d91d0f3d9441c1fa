import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { ReceivedMessage } from './entries.ts';

/** What a batch of messages changes, beside windows and runs; the caller moves the gates. */
export interface MessageWrites {
  /** By address; null: it is taken back. */
  optedOut: Map<string, { word: string; at: Date } | null>;
  silenced: { message: ReceivedMessage; until: Date }[];
  inbox: { fanId: string; message: ReceivedMessage; reason: string }[];
  /** Fans whose texts wait until a person has read what they wrote (R41). */
  held: Set<string>;
}

export function noWrites(): MessageWrites {
  return { optedOut: new Map(), silenced: [], inbox: [], held: new Set() };
}

export async function writeMessages(tx: Tx, projectId: string, out: MessageWrites, now: Date): Promise<void> {
  await writeOptOuts(tx, projectId, out.optedOut, now);
  await writeSilences(tx, projectId, out.silenced);
  await writeInbox(tx, projectId, out.inbox);
  await holdTexts(tx, projectId, out.held);
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

async function writeInbox(tx: Tx, projectId: string, inbox: MessageWrites['inbox']) {
  if (inbox.length === 0) return;
  const rows = inbox.map(({ fanId, message, reason }) => ({
    id: newId(),
    fan_id: fanId,
    from_address: message.address,
    to_address: message.account,
    connection_id: message.connectionId,
    body: message.text,
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

async function holdTexts(tx: Tx, projectId: string, held: ReadonlySet<string>) {
  if (held.size === 0) return;
  await sql`
    update fan set is_sms_held = true
     where project_id = ${projectId} and id = any(${[...held].sort()})`.execute(tx);
}
