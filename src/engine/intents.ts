import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { GateRead, JsonObject, LocalWrite, Ports } from './contract.ts';
import { bumpGates, hasMoved, holdGates, moveGates } from './gates.ts';
import { reserveCredits } from './credits.ts';
import type { Item } from './item.ts';
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
  credits: { account: string; amount: number } | null;
  writes: readonly LocalWrite[];
  now: Date;
  /** The intent is there already: the same payload goes out once more under it. */
  isReissue: boolean;
}

/** `moved`: look at the requirements again. `lost`: the lease is somebody else's. */
export type IntentVerdict = 'go' | 'moved' | 'lost' | 'no_credits';

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
  const moved = await holdGates(tx, projectId, shared);
  for (const one of await moveGates(tx, projectId, own)) moved.add(one);
  const held = await heldLeases(
    tx,
    projectId,
    entries.map((entry) => entry.item),
  );
  const taken = new Set<string>();
  const verdicts = entries.map((entry): IntentVerdict => {
    if (!held.has(entry.item.id)) return 'lost';
    if (hasMoved(moved, entry.gates) || entry.moves.some((key) => taken.has(key))) return 'moved';
    for (const key of entry.moves) taken.add(key);
    return 'go';
  });
  const asking = entries.filter(
    (entry, at) => verdicts[at] === 'go' && !entry.isReissue && entry.credits !== null,
  );
  const refused = await reserveCredits(
    tx,
    projectId,
    asking.map((entry) => ({ ...entry.credits!, now: entry.now })),
  );
  const broke = new Set(asking.filter((_, at) => refused[at]));
  entries.forEach((entry, at) => {
    if (broke.has(entry)) verdicts[at] = 'no_credits';
  });
  const going = entries.filter((_, at) => verdicts[at] === 'go');
  await bumpGates(
    tx,
    projectId,
    going.flatMap((entry) => [...entry.moves]),
  );
  await insertIntents(
    tx,
    ports,
    projectId,
    going.filter((entry) => !entry.isReissue),
  );
  await reissueIntents(
    tx,
    projectId,
    going.filter((entry) => entry.isReissue),
  );
  await runWriters(
    tx,
    ports.writers,
    projectId,
    going.flatMap((entry) =>
      entry.writes.map((write) => ({
        write,
        fanId: entry.item.fanId,
        runId: entry.item.runId,
        now: entry.now,
      })),
    ),
  );
  return verdicts;
}

/** Ids of the items that are still leased as this process believes; their rows stay locked. */
export async function heldLeases(tx: Tx, projectId: string, items: readonly Item[]): Promise<Set<string>> {
  const rows = items.map(({ id, lease, worker }) => ({ id, lease, worker }));
  const held = await sql<{ id: string }>`
    select w.id from work w
      join json_to_recordset(${JSON.stringify(rows)}::json) as h(id uuid, lease bigint, worker uuid)
        on w.id = h.id and w.lease = h.lease and w.worker = h.worker
     where w.project_id = ${projectId} and w.state = 1 and w.cancel is null
     order by w.id for no key update of w`.execute(tx);
  return new Set(held.rows.map((row) => row.id));
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
    credits: entry.credits?.amount ?? 0,
    sent_at: entry.now,
  }));
  await sql`
    insert into intent (project_id, id, work_id, run_id, position, service, fan_id, effect, key, payload,
                        attempt, account, credits, sent_at)
    select ${projectId}, id, work_id, run_id, position, service, fan_id, effect, key, decode(payload, 'base64'),
           attempt, account, credits, sent_at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as i(id uuid, work_id uuid, run_id uuid, position smallint, service text, fan_id uuid, effect text,
                key text, payload text, attempt integer, account text, credits integer,
                sent_at timestamptz)`.execute(tx);
}

async function reissueIntents(tx: Tx, projectId: string, entries: readonly IntentEntry[]) {
  if (entries.length === 0) return;
  // created_at moves too: settling waits its twelve seconds from the newest call.
  await sql`
    update intent set attempt = attempt + 1, created_at = clock_timestamp()
     where project_id = ${projectId} and id = any(${entries.map((entry) => entry.intentId)}) and state = 'open'`.execute(
    tx,
  );
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

/** Ends intents with the outcome they led to. An intent that ended before is left as it is. */
export async function endIntents(
  tx: Tx,
  projectId: string,
  ends: readonly IntentEnd[],
): Promise<Set<string>> {
  if (ends.length === 0) return new Set();
  const rows = ends.map((end) => ({
    id: end.id,
    state: end.state,
    provider_id: end.providerId,
    reason: end.reason,
  }));
  const ended = await sql<{ id: string }>`
    update intent i set state = e.state, provider_id = coalesce(e.provider_id, i.provider_id), reason = e.reason,
                        settled_at = clock_timestamp()
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as e(id uuid, state text, provider_id text, reason text)
     where i.project_id = ${projectId} and i.id = e.id and i.state = 'open'
    returning i.id`.execute(tx);
  return new Set(ended.rows.map((row) => row.id));
}
