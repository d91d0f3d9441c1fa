import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Candidate } from './contract.ts';

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
  const byFlow = Map.groupBy(wishes.keys(), (index) => wishes[index]!.candidate.flowId);
  for (const flowId of [...byFlow.keys()].sort()) {
    const indexes = firstPerFan(wishes, byFlow.get(flowId)!, verdicts);
    await admitFlow(tx, projectId, flowId, indexes, wishes, verdicts, now);
  }
  return verdicts;
}

/** Within one batch the first wish of a fan stands for all: the others find it live. */
function firstPerFan(
  wishes: readonly Wish[],
  indexes: readonly number[],
  verdicts: ReentryVerdict[],
): number[] {
  const seen = new Set<string>();
  return indexes.filter((index) => {
    const { fanId } = wishes[index]!;
    if (seen.has(fanId)) verdicts[index] = { refused: 'live' };
    const isFirst = !seen.has(fanId);
    seen.add(fanId);
    return isFirst;
  });
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
    .map((index) => ({ fan_id: wishes[index]!.fanId, run_id: wishes[index]!.runId }))
    .sort((a, b) => (a.fan_id < b.fan_id ? -1 : 1));
  const newcomers = await sql<{ fan_id: string }>`
    insert into reentry (project_id, flow_id, fan_id, last_run_id, last_at)
    select ${projectId}, ${flowId}, fan_id, run_id, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(fan_id uuid, run_id uuid)
    on conflict do nothing returning fan_id`.execute(tx);
  const isNew = new Set(newcomers.rows.map((row) => row.fan_id));
  const known = indexes.filter((index) => !isNew.has(wishes[index]!.fanId));
  for (const index of indexes) if (isNew.has(wishes[index]!.fanId)) verdicts[index] = { count: 1 };
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
  const fans = indexes.map((index) => wishes[index]!.fanId);
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
    const { fanId, runId, candidate } = wishes[index]!;
    const before = standing.get(fanId)!;
    const refused = refusal(before, candidate.reentry, now);
    verdicts[index] = refused === null ? { count: before.count + 1 } : { refused };
    if (refused === null) entering.push({ fan_id: fanId, run_id: runId });
  }
  if (entering.length === 0) return;
  await sql`
    update reentry r set last_run_id = e.run_id, last_at = ${now}, count = r.count + 1
      from json_to_recordset(${JSON.stringify(entering)}::json) as e(fan_id uuid, run_id uuid)
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
