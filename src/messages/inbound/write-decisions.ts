import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { writeConsentChanges, writeZips } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import type { Decisions, InboxWrite, PurposeWrite, SenderPair } from './decisions.ts';

/** Writes what a batch of texts changed, a statement or two a kind, and moves the gates it rests on. */
export async function writeDecisions(tx: Tx, projectId: string, out: Decisions, now: Date): Promise<void> {
  await writeConsentChanges(tx, projectId, out.changes);
  await writeZips(tx, projectId, out.zips);
  await addBlocks(tx, projectId, [...out.blocked.values()], now);
  await removeBlocks(tx, projectId, [...out.unblocked.values()]);
  await addToInbox(tx, projectId, out.inbox);
  await closeAnswered(tx, projectId, out.changes.hold, now);
  const newlyAllowed = await addPurposes(tx, projectId, out.purposes, now);
  await signal(tx, projectId, [
    ...[...out.smsMoved].map((fanId) => ({ key: gateKeys.sms(fanId) })),
    ...[...newlyAllowed].map((fanId) => ({ key: gateKeys.streaming(fanId) })),
  ]);
}

/** Pairs that the provider refuses from now on (R98); one that is known keeps its date. */
export async function addBlocks(
  tx: Tx,
  projectId: string,
  pairs: readonly SenderPair[],
  now: Date,
): Promise<void> {
  if (pairs.length === 0) return;
  await sql`
    insert into block (project_id, sender, address, at)
    select ${projectId}, sender, address, ${now}
      from json_to_recordset(${JSON.stringify(pairs)}::json) as b(sender text, address text)
     order by sender, address
    on conflict do nothing`.execute(tx);
}

/**
 * R98: START to one number ends the block of all numbers of its connection: providers block a phone
 * from a whole profile or service. One that blocks each alone says so again when it is texted from.
 */
async function removeBlocks(tx: Tx, projectId: string, pairs: readonly SenderPair[]) {
  if (pairs.length === 0) return;
  await sql`
    delete from block b
     using json_to_recordset(${JSON.stringify(pairs)}::json) as u(sender text, address text)
     where b.project_id = ${projectId} and b.address = u.address
       and (b.sender = u.sender or b.sender in (
         select other.value
           from loan l
           join sender own on own.connection_id = l.connection_id
           join sender other on other.connection_id = l.connection_id
          where l.project_id = ${projectId} and own.value = u.sender))`.execute(tx);
}

async function addToInbox(tx: Tx, projectId: string, inbox: readonly InboxWrite[]) {
  if (inbox.length === 0) return;
  const rows = inbox.map(({ fanId, text, reason }) => ({
    id: newId(),
    fan_id: fanId,
    from_address: text.from,
    to_address: text.to,
    connection_id: text.connectionId,
    body: text.body,
    reason,
    received_at: text.at,
  }));
  await sql`
    insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, connection_id, body, reason,
                               received_at)
    select ${projectId}, id, fan_id, 'sms', from_address, to_address, connection_id, body, reason, received_at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as m(id uuid, fan_id uuid, from_address text, to_address text, connection_id uuid, body text,
                reason text, received_at timestamptz)`.execute(tx);
}

/** R41: a fan who is held no longer has answered what was doubtful, by a keyword, START or STOP. */
async function closeAnswered(tx: Tx, projectId: string, holds: ReadonlyMap<string, boolean>, now: Date) {
  const released = [...holds].flatMap(([fanId, isHeld]) => (isHeld ? [] : [fanId])).sort();
  if (released.length === 0) return;
  await sql`
    update inbox_message m
       set decision = case when exists (
             select 1 from opt_out o where o.project_id = m.project_id and o.channel = 'sms'
                and o.address = m.from_address and o.cleared_at is null) then 'opt_out' else 'not_opt_out' end,
           decided_at = ${now}, decided_by = 'fan'
     where m.project_id = ${projectId} and m.fan_id = any(${released}) and m.reason = 'doubt'
       and m.decided_at is null`.execute(tx);
}

/**
 * Answers with the fans for whom a purpose is new. A conflict would lock the row that is there, so
 * what a known fan allowed before is left out first: her keyword writes nothing.
 */
async function addPurposes(
  tx: Tx,
  projectId: string,
  purposes: readonly PurposeWrite[],
  now: Date,
): Promise<Set<string>> {
  if (purposes.length === 0) return new Set();
  const distinct = new Map(purposes.map((one) => [`${one.fanId} ${one.kind} ${one.targetId}`, one]));
  const rows = [...distinct.values()].map(({ fanId, kind, targetId, words }) => ({
    fan_id: fanId,
    kind,
    target_id: targetId,
    words,
  }));
  const written = await sql<{ fan_id: string }>`
    insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
    select ${projectId}, n.fan_id, n.kind, n.target_id, n.words, 'keyword', ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as n(fan_id uuid, kind text, target_id uuid, words text)
     where not exists (select 1 from purpose p where p.project_id = ${projectId} and p.fan_id = n.fan_id
                          and p.kind = n.kind and p.target_id = n.target_id and p.revoked_at is null)
     order by n.fan_id, n.kind, n.target_id
    on conflict (project_id, fan_id, kind, target_id) do update
      set words = excluded.words, source = excluded.source, given_at = excluded.given_at, revoked_at = null
    returning fan_id`.execute(tx);
  return new Set(written.rows.map((row) => row.fan_id));
}
