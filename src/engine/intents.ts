import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import type { Credits, GateRead, JsonObject, LocalWrite, Ports } from './contract.ts';
import { bumpGates, hasMoved, holdGates, moveGates } from './gates.ts';
import { type Limits, readLimits } from './balances.ts';
import { addReserved, noteAnswers, type Reservation, reserveCredits } from './credits.ts';
import type { Item } from './item.ts';
import { holdLeases } from './move-items.ts';
import { runWriters } from './writers.ts';

/** A wish to call, to be committed before the call. */
export interface IntentEntry {
  item: Item;
  intentId: string;
  position: number;
  service: string;
  effect: string;
  /** Stable over the attempts of one effect. */
  key: string;
  payload: JsonObject;
  attempt: number;
  gates: readonly GateRead[];
  /** Keys among the gates that this intent moves. */
  moves: readonly string[];
  credits: Credits | null;
  writes: readonly LocalWrite[];
  now: Date;
  /** The intent is there already: the same payload goes out once more under it. */
  isReissue: boolean;
}

/**
 * `moved`: look at the requirements again. `lost`: the lease, or the intent, is somebody else's.
 * `cancelled`: nothing may start any more, for the reason given.
 */
export type IntentVerdict =
  | { kind: 'go' | 'moved' | 'lost' | 'no_credits' }
  | { kind: 'cancelled'; reason: string };

/**
 * Commits intents: holds their gates, proves the lease, reserves the credits row by row, and keeps
 * the sealed payload. After this commit the call may have been made; before it, certainly not.
 */
export async function commitIntents(
  tx: Tx,
  ports: Pick<Ports, 'seal' | 'writers'>,
  projectId: string,
  entries: readonly IntentEntry[],
): Promise<IntentVerdict[]> {
  const shared = entries.flatMap((entry) => entry.gates.filter((gate) => !entry.moves.includes(gate.key)));
  const own = entries.flatMap((entry) => entry.gates.filter((gate) => entry.moves.includes(gate.key)));
  // One after the other on the connection, in the order of locks, and one wait for all their answers.
  const [moved, movedOwn, held, limits] = await Promise.all([
    holdGates(tx, projectId, shared),
    moveGates(tx, projectId, own),
    holdLeases(
      tx,
      projectId,
      entries.map((entry) => entry.item),
    ),
    readLimits(
      tx,
      projectId,
      entries.flatMap(({ credits, isReissue, now }) =>
        credits === null || isReissue ? [] : [{ ...credits, now }],
      ),
    ),
  ]);
  for (const one of movedOwn) moved.add(one);
  const taken = new Set<string>();
  const verdicts = entries.map((entry): IntentVerdict => {
    const cancel = held.get(entry.item.id);
    if (cancel === undefined) return { kind: 'lost' };
    if (cancel !== null) return { kind: 'cancelled', reason: cancel };
    if (hasMoved(moved, entry.gates) || entry.moves.some((key) => taken.has(key))) return { kind: 'moved' };
    for (const key of entry.moves) taken.add(key);
    return { kind: 'go' };
  });
  const isGoing = (at: number) => verdicts[at]?.kind === 'go';
  const later = await reserve(tx, projectId, entries, verdicts, limits);
  await bumpGates(
    tx,
    projectId,
    entries.flatMap((entry, at) => (isGoing(at) ? [...entry.moves] : [])),
  );
  const fresh = entries.filter((entry, at) => isGoing(at) && !entry.isReissue);
  const again = entries.filter((entry, at) => isGoing(at) && entry.isReissue);
  await insertIntents(tx, ports, projectId, fresh);
  const isOpen = await reissueIntents(tx, projectId, again);
  entries.forEach((entry, at) => {
    if (isGoing(at) && entry.isReissue && !isOpen.has(entry.intentId)) verdicts[at] = { kind: 'lost' };
  });
  await runWriters(
    tx,
    ports.writers,
    projectId,
    fresh.flatMap(({ writes, item, intentId, now }) =>
      writes.map((write) => ({ write, fanId: item.fanId, runId: item.runId, intentId, now })),
    ),
  );
  await addReserved(tx, projectId, later);
  return verdicts;
}

/** Turns `go` into `no_credits` where the allowance does not reach. */
async function reserve(
  tx: Tx,
  projectId: string,
  entries: readonly IntentEntry[],
  verdicts: IntentVerdict[],
  limits: Limits,
): Promise<Reservation[]> {
  const asking = entries.flatMap(({ credits, isReissue, now, item, intentId }, at) =>
    verdicts[at]?.kind === 'go' && !isReissue && credits !== null
      ? [{ isFree: false, ...credits, now, flowId: item.flowId, at, intentId }]
      : [],
  );
  if (asking.length === 0) return [];
  await noteAnswers(
    tx,
    projectId,
    asking.filter(({ isFree }) => isFree),
  );
  const { refused, later } = await reserveCredits(tx, projectId, asking, limits);
  asking.forEach(({ at }, index) => {
    if (refused[index]) verdicts[at] = { kind: 'no_credits' };
  });
  return later;
}

async function insertIntents(
  tx: Tx,
  ports: Pick<Ports, 'seal'>,
  projectId: string,
  entries: readonly IntentEntry[],
) {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({
    id: entry.intentId,
    work_id: entry.item.id,
    run_id: entry.item.runId,
    position: entry.position,
    service: entry.service,
    fan_id: entry.item.fanId,
    effect: entry.effect,
    key: entry.key,
    payload: ports.seal(JSON.stringify(entry.payload)).toString('base64'),
    attempt: entry.attempt,
    account: entry.credits?.account ?? null,
    credits: entry.credits?.isFree === true ? 0 : (entry.credits?.amount ?? 0),
    sent_at: entry.now,
  }));
  const inserting = sql`
    insert into intent (project_id, id, work_id, run_id, position, service, fan_id, effect, key, payload,
                        attempt, account, credits, sent_at)
    select ${projectId}, id, work_id, run_id, position, service, fan_id, effect, key, decode(payload, 'base64'),
           attempt, account, credits, sent_at
      from json_to_recordset(${asJson(rows)}::json)
           as i(id uuid, work_id uuid, run_id uuid, position smallint, service text, fan_id uuid, effect text,
                key text, payload text, attempt integer, account text, credits integer,
                sent_at timestamptz)`;
  await sendOnly(tx, inserting.execute(tx));
}

/** Ids of those that are still open: what was settled meanwhile must not be sent again. */
async function reissueIntents(
  tx: Tx,
  projectId: string,
  entries: readonly IntentEntry[],
): Promise<Set<string>> {
  if (entries.length === 0) return new Set();
  const ids = entries.map((entry) => entry.intentId);
  // created_at moves too: settling waits its twelve seconds from the newest call.
  const { rows } = await sql<{ id: string }>`
    update intent set attempt = attempt + 1, created_at = clock_timestamp()
     where project_id = ${projectId} and id = any(${ids}) and state = 'open' returning id`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

export interface IntentEnd {
  id: string;
  state: 'done' | 'refused' | 'unknown';
  providerId: string | null;
  reason: string | null;
  /** What was reserved with it, and when in domain time. */
  account: string | null;
  credits: number;
  sentAt: Date;
}

/**
 * Ends intents with the outcome they led to and answers with those, and whether the provider has
 * reported on them already. An intent that ended before is left as it is.
 */
export async function endIntents(
  tx: Tx,
  projectId: string,
  ends: readonly IntentEnd[],
): Promise<Map<string, { isReported: boolean }>> {
  if (ends.length === 0) return new Map();
  const byId = Object.fromEntries(
    ends.map((end) => [end.id, { state: end.state, provider_id: end.providerId, reason: end.reason }]),
  );
  const ended = await sql<{ id: string; is_reported: boolean }>`
    update intent i set (state, provider_id, reason, settled_at) = (
      select e.state, coalesce(e.provider_id, i.provider_id), e.reason, clock_timestamp()
        from jsonb_to_record(${asJson(byId)}::jsonb -> i.id::text)
             as e(state text, provider_id text, reason text))
     where i.project_id = ${projectId} and i.id = any(${Object.keys(byId).sort()}) and i.state = 'open'
    returning i.id, i.delivery is not null as is_reported`.execute(tx);
  return new Map(ended.rows.map((row) => [row.id, { isReported: row.is_reported }]));
}

/**
 * A provider may report on a call before its outcome is written; the report is on the intent then,
 * whose row orders the two. Of an outcome that is there it is written by whoever takes the report.
 */
export async function showReports(tx: Tx, projectId: string, intentIds: readonly string[]): Promise<void> {
  if (intentIds.length === 0) return;
  await sql`
    update outcome o set delivery = i.delivery - 'rank'
      from intent i
     where i.project_id = ${projectId} and i.id = any(${[...intentIds]}) and o.project_id = i.project_id
       and o.run_id = i.run_id and o.position = i.position and o.service = i.service`.execute(tx);
}
