import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import type { Tx } from '#db/database.ts';
import type { Candidate } from './contract.ts';
import { must } from './must.ts';

export interface Wish {
  fanId: string;
  runId: string;
  candidate: Candidate;
}

export type ReentryVerdict = { count: number } | { refused: 'once' | 'cooldown' | 'live' };

/**
 * Decides for each wish whether its fan may enter its flow now, and takes the place in the same
 * transaction: of two wishes at once exactly one gets it (R29), and nobody enters a flow in which
 * she is still under way (R30). `now` is domain time.
 */
export async function admitOnce(
  tx: Tx,
  projectId: string,
  wishes: readonly Wish[],
  now: Date,
): Promise<ReentryVerdict[]> {
  const verdicts: ReentryVerdict[] = Array.from({ length: wishes.length });
  const byFlow = Map.groupBy(wishes.keys(), (index) => must(wishes[index]).candidate.flowId);
  for (const flowId of [...byFlow.keys()].sort()) {
    const [indexes, others] = firstPerFan(wishes, byFlow.get(flowId) ?? []);
    await admitFlow(tx, projectId, flowId, indexes, wishes, verdicts, now);
    for (const [other, first] of others) {
      const verdict = must(verdicts[first]);
      verdicts[other] = 'refused' in verdict ? verdict : { refused: 'live' };
    }
  }
  return verdicts;
}

/** Within one batch the first wish of a fan stands for all: the others find its run live. */
function firstPerFan(wishes: readonly Wish[], indexes: readonly number[]): [number[], Map<number, number>] {
  const firsts = new Map<string, number>();
  const others = new Map<number, number>();
  for (const index of indexes) {
    const { fanId } = must(wishes[index]);
    const first = firsts.get(fanId);
    if (first === undefined) firsts.set(fanId, index);
    else others.set(index, first);
  }
  return [[...firsts.values()], others];
}

async function admitFlow(
  tx: Tx,
  projectId: string,
  flowId: string,
  indexes: readonly number[],
  wishes: readonly Wish[],
  verdicts: ReentryVerdict[],
  now: Date,
) {
  const rows = indexes
    .map((index) => ({ fan_id: must(wishes[index]).fanId, run_id: must(wishes[index]).runId }))
    .sort((a, b) => (a.fan_id < b.fan_id ? -1 : 1));
  const newcomers = await sql<{ fan_id: string }>`
    insert into reentry (project_id, flow_id, fan_id, last_run_id, last_at)
    select ${projectId}, ${flowId}, fan_id, run_id, ${now}
      from json_to_recordset(${asJson(rows)}::json) as r(fan_id uuid, run_id uuid)
    on conflict do nothing returning fan_id`.execute(tx);
  const isNew = new Set(newcomers.rows.map((row) => row.fan_id));
  const known = indexes.filter((index) => !isNew.has(must(wishes[index]).fanId));
  for (const index of indexes) if (isNew.has(must(wishes[index]).fanId)) verdicts[index] = { count: 1 };
  if (known.length > 0) await admitKnown(tx, projectId, flowId, known, wishes, verdicts, now);
}

interface Standing {
  fan_id: string;
  last_at: Date;
  count: number;
  is_live: boolean;
}

async function admitKnown(
  tx: Tx,
  projectId: string,
  flowId: string,
  indexes: readonly number[],
  wishes: readonly Wish[],
  verdicts: ReentryVerdict[],
  now: Date,
) {
  const fans = indexes.map((index) => must(wishes[index]).fanId);
  // Locked first and read in a statement of its own: the read must see what others committed
  // while this one waited for the lock.
  await sql`
    select fan_id from reentry
     where project_id = ${projectId} and flow_id = ${flowId} and fan_id = any(${fans})
     order by fan_id for update`.execute(tx);
  const { rows } = await sql<Standing>`
    select r.fan_id, r.last_at, r.count,
           exists (select 1 from work w where w.project_id = r.project_id and w.id = r.last_run_id) as is_live
      from reentry r
     where r.project_id = ${projectId} and r.flow_id = ${flowId} and r.fan_id = any(${fans})`.execute(tx);
  const standing = new Map(rows.map((row) => [row.fan_id, row]));
  const entering: { fan_id: string; run_id: string }[] = [];
  for (const index of indexes) {
    const { fanId, runId, candidate } = must(wishes[index]);
    const before = must(standing.get(fanId));
    const refused = refusal(before, candidate.reentry, now);
    verdicts[index] = refused === null ? { count: before.count + 1 } : { refused };
    if (refused === null) entering.push({ fan_id: fanId, run_id: runId });
  }
  if (entering.length === 0) return;
  await sql`
    update reentry r set last_run_id = e.run_id, last_at = ${now}, count = r.count + 1
      from json_to_recordset(${asJson(entering)}::json) as e(fan_id uuid, run_id uuid)
     where r.project_id = ${projectId} and r.flow_id = ${flowId} and r.fan_id = e.fan_id`.execute(tx);
}

function refusal(
  before: Standing,
  policy: Candidate['reentry'],
  now: Date,
): 'once' | 'cooldown' | 'live' | null {
  if (before.is_live) return 'live';
  if (policy.policy === 'once') return 'once';
  const readyAt = before.last_at.getTime() + (policy.seconds ?? 0) * 1000;
  return policy.policy === 'cooldown' && now.getTime() < readyAt ? 'cooldown' : null;
}
