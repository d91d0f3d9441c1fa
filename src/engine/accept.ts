import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { AcceptResult, Admission, Candidate, Entry, JsonObject, NewItem, Ports } from './contract.ts';
import { insertItems } from './insert-items.ts';
import { bornLeased, type Item } from './item.ts';
import { must } from './must.ts';
import { admitOnce } from './reentry.ts';

/** Deeper than this, or back to a flow already visited, an event starts nothing (R33). */
const maxChain = 3;

export interface Accepted {
  results: AcceptResult[];
  /** Items leased to this process in the same commit: to be driven once it is done. */
  leased: Item[];
  /** Runs and items made, leased or not. */
  opened: number;
}

interface Fresh {
  index: number;
  entry: Entry;
  eventId: string;
}

/**
 * Takes events inside a transaction: dedupes by (source, key), lets the product resolve the fan
 * and match flows, applies re-entry, opens runs. A repeat of a key gives the first one's answer,
 * whether it comes later, at the same time or in the same batch.
 *
 * `worker` leases what is opened to that worker; null leaves it open for whoever has room.
 */
export async function acceptEntries(
  tx: Tx,
  ports: Pick<Ports, 'admit'>,
  projectId: string,
  entries: readonly Entry[],
  now: Date,
  worker: string | null,
): Promise<Accepted> {
  const { fresh, repeats } = await claimKeys(tx, projectId, entries);
  const results: AcceptResult[] = Array.from({ length: entries.length });
  const accepted = await acceptFresh(tx, ports, projectId, fresh, now, worker);
  fresh.forEach((one, at) => (results[one.index] = must(accepted.results[at])));
  await answerRepeats(tx, projectId, entries, repeats, fresh, results);
  return { ...accepted, results };
}

/**
 * Takes events that a step caused. They need no key: the outcome that raises them is committed once,
 * under the item's fence, and they with it.
 */
export function acceptCaused(
  tx: Tx,
  ports: Pick<Ports, 'admit'>,
  projectId: string,
  entries: readonly Entry[],
  now: Date,
  worker: string | null,
): Promise<Accepted> {
  const fresh = entries.map((entry, index) => ({ index, entry, eventId: newId() }));
  return acceptFresh(tx, ports, projectId, fresh, now, worker);
}

async function acceptFresh(
  tx: Tx,
  ports: Pick<Ports, 'admit'>,
  projectId: string,
  fresh: readonly Fresh[],
  now: Date,
  worker: string | null,
): Promise<Accepted> {
  if (fresh.length === 0) return { results: [], leased: [], opened: 0 };
  const admissions = await ports.admit(
    tx,
    projectId,
    fresh.map(({ entry, eventId }) => ({ entry, eventId })),
    now,
  );
  const opened = await openRuns(tx, projectId, fresh, admissions, now, worker);
  await insertEvents(tx, projectId, fresh, admissions, opened.results);
  const raised = fresh.flatMap((one, at) => raisedBy(one, must(admissions[at])));
  if (raised.length === 0) return opened;
  const more = await acceptCaused(tx, ports, projectId, raised, now, worker);
  return {
    results: opened.results,
    leased: [...opened.leased, ...more.leased],
    opened: opened.opened + more.opened,
  };
}

/** What an event is the cause of shares its root, so that both together send one message (R109). */
function raisedBy({ entry, eventId }: Fresh, { fanId, raises = [] }: Admission): Entry[] {
  return raises.map(({ type, subject, key = '' }) => ({
    source: 'event',
    key: `${eventId}:${type}:${key}`,
    type,
    fingerprint: '',
    occurredAt: entry.occurredAt,
    payload: { fanId, subject },
    chain: entry.chain ?? [],
    rootEventId: entry.rootEventId ?? eventId,
  }));
}

const keyOf = (entry: { source: string; key: string }) => `${entry.source}\n${entry.key}`;

async function claimKeys(tx: Tx, projectId: string, entries: readonly Entry[]) {
  const first = new Map<string, Fresh>();
  const repeats: number[] = [];
  entries.forEach((entry, index) => {
    if (first.has(keyOf(entry))) repeats.push(index);
    else first.set(keyOf(entry), { index, entry, eventId: newId() });
  });
  // Sorted, or two processes with the same keys in another order would deadlock.
  const rows = [...first.values()]
    .map(({ entry, eventId }) => ({ source: entry.source, key: entry.key, event_id: eventId }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const inserted = await sql<{ source: string; key: string }>`
    insert into event_key (project_id, source, key, event_id)
    select ${projectId}, source, key, event_id
      from json_to_recordset(${asJson(rows)}::json) as e(source text, key text, event_id uuid)
    on conflict do nothing returning source, key`.execute(tx);
  const taken = new Set(inserted.rows.map(keyOf));
  const fresh: Fresh[] = [];
  for (const [key, one] of first) {
    if (taken.has(key)) fresh.push(one);
    else repeats.push(one.index);
  }
  return { fresh, repeats };
}

async function openRuns(
  tx: Tx,
  projectId: string,
  fresh: readonly Fresh[],
  admissions: readonly Admission[],
  now: Date,
  worker: string | null,
) {
  const results: AcceptResult[] = [];
  const wishes: { at: number; fanId: string; runId: string; candidate: Candidate }[] = [];
  const items: NewItem[] = [];
  fresh.forEach(({ entry, eventId }, at) => {
    const admission = must(admissions[at]);
    const result: AcceptResult = {
      eventId,
      duplicate: false,
      isMismatch: false,
      fanId: admission.fanId,
      runs: [],
      ignored: [...(admission.ignored ?? [])],
      extra: admission.extra ?? {},
    };
    results.push(result);
    items.push(...(admission.items ?? []));
    for (const candidate of admission.candidates) {
      if (admission.fanId === null) continue;
      if (isLoop(entry, candidate)) result.ignored.push({ flowId: candidate.flowId, reason: 'loop' });
      else wishes.push({ at, fanId: admission.fanId, runId: newId(), candidate });
    }
  });
  const verdicts = await admitOnce(tx, projectId, wishes, now);
  const runs: RunRow[] = [];
  wishes.forEach((wish, index) => {
    const verdict = must(verdicts[index]);
    const result = must(results[wish.at]);
    if ('refused' in verdict) {
      result.ignored.push({ flowId: wish.candidate.flowId, reason: verdict.refused });
      return;
    }
    result.runs.push(wish.runId);
    const one = must(fresh[wish.at]);
    runs.push(runRow(wish.runId, one.eventId, wish.fanId, wish.candidate, now));
    items.push(
      runItem(wish.runId, one, wish.fanId, must(admissions[wish.at]), wish.candidate, verdict.count, now),
    );
  });
  await insertRuns(tx, projectId, runs);
  const inserted = await insertItems(tx, projectId, items, worker === null ? null : { worker, now });
  return { results, leased: bornLeased(projectId, inserted, worker), opened: inserted.length };
}

function isLoop(entry: Entry, candidate: Candidate): boolean {
  const chain = entry.chain ?? [];
  return chain.length >= maxChain || chain.includes(candidate.flowId);
}

interface RunRow {
  id: string;
  flow_id: string;
  flow_version_id: string;
  fan_id: string;
  event_id: string;
  started_at: Date;
}

function runRow(id: string, eventId: string, fanId: string, candidate: Candidate, now: Date): RunRow {
  return {
    id,
    flow_id: candidate.flowId,
    flow_version_id: candidate.flowVersionId,
    fan_id: fanId,
    event_id: eventId,
    started_at: now,
  };
}

function runItem(
  runId: string,
  { entry, eventId }: Fresh,
  fanId: string,
  admission: Admission,
  candidate: Candidate,
  count: number,
  now: Date,
): NewItem {
  const data: JsonObject = {
    ...candidate.data,
    event: {
      id: eventId,
      type: admission.type,
      at: entry.occurredAt.toISOString(),
      subject: admission.subject,
    },
    rootEventId: entry.rootEventId ?? eventId,
    chain: [...(entry.chain ?? []), candidate.flowId],
    again: count > 1,
  };
  return {
    id: runId,
    kind: 'run',
    fanId,
    flowId: candidate.flowId,
    flowVersionId: candidate.flowVersionId,
    runId,
    position: 1,
    priority: candidate.priority,
    dueAt: now,
    data,
  };
}

async function insertRuns(tx: Tx, projectId: string, runs: readonly RunRow[]) {
  if (runs.length === 0) return;
  const inserting = sql`
    insert into run (project_id, id, flow_id, flow_version_id, fan_id, event_id, started_at)
    select ${projectId}, id, flow_id, flow_version_id, fan_id, event_id, started_at
      from json_to_recordset(${asJson(runs)}::json)
           as r(id uuid, flow_id uuid, flow_version_id uuid, fan_id uuid, event_id uuid,
                started_at timestamptz)`;
  await sendOnly(tx, inserting.execute(tx));
}

async function insertEvents(
  tx: Tx,
  projectId: string,
  fresh: readonly Fresh[],
  admissions: readonly Admission[],
  results: readonly AcceptResult[],
) {
  const rows = fresh.map(({ entry, eventId }, at) => ({
    id: eventId,
    type: must(admissions[at]).type,
    fan_id: must(admissions[at]).fanId,
    source: entry.source,
    key: entry.key,
    fingerprint: entry.fingerprint,
    subject: must(admissions[at]).subject,
    result: {
      runs: must(results[at]).runs,
      ignored: must(results[at]).ignored,
      extra: must(results[at]).extra,
    },
    chain: `{${(entry.chain ?? []).join(',')}}`,
    occurred_at: entry.occurredAt,
  }));
  const inserting = sql`
    insert into event (project_id, id, type, fan_id, source, key, fingerprint, subject, result, chain, occurred_at)
    select ${projectId}, id, type, fan_id, source, key, fingerprint, subject, result, chain::uuid[], occurred_at
      from json_to_recordset(${asJson(rows)}::json)
           as e(id uuid, type text, fan_id uuid, source text, key text, fingerprint text, subject jsonb,
                result jsonb, chain text, occurred_at timestamptz)`;
  await sendOnly(tx, inserting.execute(tx));
}

interface StoredAnswer {
  source: string;
  key: string;
  event_id: string;
  fan_id: string | null;
  fingerprint: string;
  result: { runs: string[]; ignored: { flowId: string; reason: string }[]; extra: JsonObject };
}

async function answerRepeats(
  tx: Tx,
  projectId: string,
  entries: readonly Entry[],
  repeats: readonly number[],
  fresh: readonly Fresh[],
  results: AcceptResult[],
) {
  if (repeats.length === 0) return;
  const inBatch = new Map(fresh.map((one) => [keyOf(one.entry), one]));
  const wanted = repeats.filter((index) => !inBatch.has(keyOf(must(entries[index]))));
  const stored = await readAnswers(
    tx,
    projectId,
    wanted.map((index) => must(entries[index])),
  );
  for (const index of repeats) {
    const entry = must(entries[index]);
    const first = inBatch.get(keyOf(entry));
    if (first !== undefined) {
      results[index] = {
        ...must(results[first.index]),
        duplicate: true,
        isMismatch: first.entry.fingerprint !== entry.fingerprint,
      };
      continue;
    }
    const answer = stored.get(keyOf(entry));
    if (answer === undefined) throw new Error(`the event behind ${entry.source} ${entry.key} is gone`);
    results[index] = {
      eventId: answer.event_id,
      duplicate: true,
      isMismatch: answer.fingerprint !== entry.fingerprint,
      fanId: answer.fan_id,
      ...answer.result,
    };
  }
}

async function readAnswers(tx: Tx, projectId: string, entries: readonly Entry[]) {
  if (entries.length === 0) return new Map<string, StoredAnswer>();
  const keys = entries.map(({ source, key }) => ({ source, key }));
  // Keys live 45 days, events by partition at least as long.
  const { rows } = await sql<StoredAnswer>`
    select k.source, k.key, k.event_id, e.fan_id, e.fingerprint, e.result
      from json_to_recordset(${asJson(keys)}::json) as w(source text, key text)
      join event_key k on k.project_id = ${projectId} and k.source = w.source and k.key = w.key
      join event e on e.project_id = k.project_id and e.id = k.event_id`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row), row]));
}
