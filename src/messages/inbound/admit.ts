import { sql } from 'kysely';
import type { ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { hasChanges, noChanges, readConsentStates, writeConsentChanges } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import type { FlowIndex } from '#flows/flow-index.ts';
import { newId } from '#lib/ids.ts';
import { acceptsKeywordAsConsent } from '../country-consent.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import { decideText, type Decisions, type DecisionContext } from './decide.ts';
import { receivedText, type ReceivedText } from './inbound-text.ts';
import { readText, type Reading } from './reading.ts';

export interface InboundDeps {
  projects: ProjectFactsReader;
  locate: LocateNumber;
  /** How many projects read this connection's texts. */
  sharedBy: (connectionId: string) => Promise<number>;
}

interface Read {
  text: ReceivedText;
  reading: Reading;
}

/**
 * Admits inbound texts inside the accepting transaction: opt-out words first (R18), then keywords,
 * then the inbox. Consent, opt-outs, blocks, holds and purposes are written here, with their gates,
 * so that a text queued for the fan is stopped by the same commit that records the STOP (R44).
 */
export async function admitTexts(
  tx: Tx,
  deps: InboundDeps,
  projectId: string,
  index: FlowIndex,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const reads = entries.map(({ entry }): Read => {
    const text = receivedText(entry.payload);
    return { text, reading: readText(text, index) };
  });
  const fans = await resolveFans(
    tx,
    projectId,
    'sms',
    reads.map(({ text }) => text.from),
    now,
  );
  const context = await decisionContext(deps, projectId, reads, now);
  let decided = await decideAll(tx, projectId, reads, fans, context, false);
  // Something is to be written: decide once more with the fans locked, since what was read may have
  // changed under another transaction. (The common case, a known fan's keyword, writes nothing.)
  if (changesFacts(decided.out)) decided = await decideAll(tx, projectId, reads, fans, context, true);
  await writeDecisions(tx, projectId, decided.out, now);
  return decided.admissions;
}

async function decisionContext(
  deps: InboundDeps,
  projectId: string,
  reads: readonly Read[],
  now: Date,
): Promise<DecisionContext> {
  const project = await deps.projects.find(projectId);
  const connectionId = reads[0]?.text.connectionId;
  const sharers = connectionId === undefined ? 1 : await deps.sharedBy(connectionId);
  return {
    now,
    isSharedSender: sharers > 1,
    answersUnmatched: project?.answersUnmatched ?? false,
    acceptsKeyword: (number) => acceptsKeywordAsConsent(deps.locate(number).country),
  };
}

async function decideAll(
  tx: Tx,
  projectId: string,
  reads: readonly Read[],
  fans: ReadonlyMap<string, string>,
  context: DecisionContext,
  lock: boolean,
) {
  const states = await readConsentStates(tx, projectId, fans, { lock });
  const out: Decisions = {
    changes: noChanges(),
    blocked: new Map(),
    unblocked: new Map(),
    inbox: [],
    purposes: [],
    smsMoved: new Set(),
  };
  const admissions = reads.map(({ text, reading }) => {
    const state = states.get(text.from);
    if (state === undefined) throw new Error('a fan was erased while her text was accepted');
    return decideText(text, reading, state, context, out);
  });
  return { out, admissions };
}

function changesFacts(out: Decisions): boolean {
  return hasChanges(out.changes) || out.blocked.size > 0 || out.unblocked.size > 0;
}

async function writeDecisions(tx: Tx, projectId: string, out: Decisions, now: Date) {
  await writeConsentChanges(tx, projectId, out.changes, now);
  await writeBlocks(tx, projectId, out, now);
  await writeInbox(tx, projectId, out, now);
  const newlyAllowed = await writePurposes(tx, projectId, out, now);
  await signal(tx, projectId, [
    ...[...out.smsMoved].map((fanId) => ({ key: gateKeys.sms(fanId) })),
    ...[...newlyAllowed].map((fanId) => ({ key: gateKeys.streaming(fanId) })),
  ]);
}

async function writeBlocks(tx: Tx, projectId: string, out: Decisions, now: Date) {
  if (out.blocked.size > 0) {
    const rows = [...out.blocked.keys()].sort().map((key) => out.blocked.get(key));
    await sql`
      insert into block (project_id, sender, address, at)
      select ${projectId}, sender, address, ${now}
        from json_to_recordset(${JSON.stringify(rows)}::json) as b(sender text, address text)
      on conflict do nothing`.execute(tx);
  }
  if (out.unblocked.size > 0) {
    await sql`
      delete from block b using json_to_recordset(${JSON.stringify([...out.unblocked.values()])}::json)
                           as u(sender text, address text)
       where b.project_id = ${projectId} and b.sender = u.sender and b.address = u.address`.execute(tx);
  }
}

async function writeInbox(tx: Tx, projectId: string, out: Decisions, now: Date) {
  if (out.inbox.length === 0) return;
  const rows = out.inbox.map(({ fanId, text, reason }) => ({
    id: newId(),
    fan_id: fanId,
    from_address: text.from,
    to_address: text.to,
    connection_id: text.connectionId,
    body: text.body,
    reason,
  }));
  await sql`
    insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, connection_id, body, reason,
                               received_at)
    select ${projectId}, id, fan_id, 'sms', from_address, to_address, connection_id, body, reason, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as m(id uuid, fan_id uuid, from_address text, to_address text, connection_id uuid, body text,
                reason text)`.execute(tx);
}

/** Answers with the fans for whom a purpose is new. */
async function writePurposes(tx: Tx, projectId: string, out: Decisions, now: Date): Promise<Set<string>> {
  if (out.purposes.length === 0) return new Set();
  const distinct = new Map(out.purposes.map((one) => [`${one.fanId} ${one.kind} ${one.targetId}`, one]));
  const rows = [...distinct.keys()].sort().map((key) => {
    const { fanId, kind, targetId, words } = distinct.get(key)!; // its own key
    return { fan_id: fanId, kind, target_id: targetId, words };
  });
  const written = await sql<{ fan_id: string }>`
    insert into purpose as p (project_id, fan_id, kind, target_id, words, source, given_at)
    select ${projectId}, fan_id, kind, target_id, words, 'keyword', ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as n(fan_id uuid, kind text, target_id uuid, words text)
    on conflict (project_id, fan_id, kind, target_id) do update
      set words = excluded.words, source = excluded.source, given_at = excluded.given_at, revoked_at = null
      where p.revoked_at is not null
    returning fan_id`.execute(tx);
  return new Set(written.rows.map((row) => row.fan_id));
}
