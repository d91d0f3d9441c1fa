import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { lanePatienceMs } from './lanes.ts';
import { uptime } from './monotonic.ts';
import type { Item, ItemData, OpenIntent } from './item.ts';
import { readOutcomes } from './outcomes.ts';

export interface Claimed {
  items: Item[];
  /** Something waits on a lane: look again soon, not at the next poll. */
  hasLaneWaiters: boolean;
}

interface Candidate {
  project_id: string;
  id: string;
  lane: string;
  priority: number;
  room: number;
}

/**
 * Leases up to `limit` due items to `worker`. First a read without locks lists what is due by
 * (lane, project, priority), no lane beyond what it can let pass; then a fair pick (the more urgent
 * first, projects in turn); then each project's items are locked, skipping what others hold.
 */
export async function claimItems(db: Db, worker: string, limit: number): Promise<Claimed> {
  const candidates = await listDue(db, limit);
  const picked = pickFairly(candidates, limit);
  const items: Item[] = [];
  for (const [projectId, group] of Map.groupBy(picked, (one) => one.project_id)) {
    items.push(
      ...(await leaseItems(
        db,
        worker,
        projectId,
        group.map((one) => one.id),
      )),
    );
  }
  return { items, hasLaneWaiters: candidates.some((one) => one.lane !== '') || (await hasLaneWaiters(db)) };
}

async function listDue(db: Db, limit: number): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    with recursive pair as (
      (select lane, project_id from work where state = 0 order by lane, project_id limit 1)
      union all
      select n.lane, n.project_id from pair p cross join lateral (
        select lane, project_id from work
         where state = 0 and (lane, project_id) > (p.lane, p.project_id)
         order by lane, project_id limit 1) n
    ),
    open_pair as (
      select p.lane, p.project_id, coalesce(k.offset_ms, 0) * interval '1 millisecond' as ahead,
             case when p.lane = '' or l.id is null then ${limit}::float8
                  when l.blocked_until > now() then 0
                  else floor((extract(epoch from now() - greatest(l.tat, now()))::float8 * 1000 + ${lanePatienceMs}::float8
                              + l.burst * l.period_ms / l.count) * l.count / l.period_ms) end as room
        from pair p
        left join lane l on l.id = p.lane
        left join project_clock k on k.project_id = p.project_id
    )
    select c.project_id, c.id, c.lane, c.priority, p.room
      from open_pair p cross join unnest('{0,1,2,3}'::smallint[]) u(priority)
      cross join lateral (
        select w.project_id, w.id, w.lane, w.priority from work w
         where w.state = 0 and w.lane = p.lane and w.project_id = p.project_id and w.priority = u.priority
           and w.due_at <= now() + p.ahead and (w.not_before is null or w.not_before <= now())
         order by w.due_at limit greatest(0, least(${limit}::float8, p.room))::bigint) c
     where p.room >= 1`.execute(db);
  return rows;
}

async function hasLaneWaiters(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from work where state = 0 and lane > '' limit 1`.execute(db);
  return rows.length > 0;
}

/** Urgent first; among equals one of each project in turn; no lane beyond its room. */
export function pickFairly(candidates: readonly Candidate[], limit: number): Candidate[] {
  const turns = new Map<string, number>();
  const ranked = candidates.map((one) => {
    const line = `${one.priority}/${one.project_id}`;
    const turn = turns.get(line) ?? 0;
    turns.set(line, turn + 1);
    return { one, turn };
  });
  ranked.sort((a, b) => a.one.priority - b.one.priority || a.turn - b.turn);
  const used = new Map<string, number>();
  const picked: Candidate[] = [];
  for (const { one } of ranked) {
    if (picked.length >= limit) break;
    const taken = used.get(one.lane) ?? 0;
    if (one.lane !== '' && taken >= one.room) continue;
    used.set(one.lane, taken + 1);
    picked.push(one);
  }
  return picked;
}

interface WorkRow {
  id: string;
  kind: string;
  fan_id: string | null;
  flow_id: string | null;
  flow_version_id: string | null;
  run_id: string | null;
  position: number;
  service: string;
  priority: number;
  deadline_at: Date | null;
  attempt: number;
  lease: number;
  cancel: string | null;
  data: ItemData;
}

async function leaseItems(
  db: Db,
  worker: string,
  projectId: string,
  ids: readonly string[],
): Promise<Item[]> {
  // A deferred step waits while an earlier one of its run is due or under way: woken together,
  // they are performed in position order. `state < 1`, not `= 0`: with that the planner would take the
  // index of what is open for that of ids, and read all of it for each.
  const { rows } = await sql<WorkRow>`
    with picked as materialized (
      select c.place
        from unnest(${[...ids]}::uuid[]) as i(id)
       cross join lateral (
         select w.ctid as place from work w
          where w.project_id = ${projectId} and w.id = i.id and w.state < 1
            and not (w.kind = 'step' and exists (
              select 1 from work e
               where e.project_id = w.project_id and e.run_id = w.run_id and e.kind = 'step'
                 and e.position < w.position
                 and (e.state = 1 or e.id = any(${[...ids]}) or e.due_at <= w.due_at)))
         for update skip locked) c),
    -- One look-up an id, then by place: this table churns, and every plan that trusts its statistics
    -- reads dead rows. A locking subquery in \`in (…)\` would even be run again for every row.
    mine as (
      update work w set state = 1, worker = ${worker}, lease = w.lease + 1, not_before = null
       where w.ctid = any(array(select place from picked)) and w.project_id = ${projectId}
      returning w.*),
    gone as (delete from waiting where project_id = ${projectId} and work_id = any(array(select id from mine)))
    select id, kind, fan_id, flow_id, flow_version_id, run_id, position, service, priority, deadline_at,
           attempt, lease, cancel, data from mine`.execute(db);
  return loadItems(db, worker, projectId, rows);
}

async function loadItems(
  db: Db,
  worker: string,
  projectId: string,
  rows: readonly WorkRow[],
): Promise<Item[]> {
  if (rows.length === 0) return [];
  const runIds = [...new Set(rows.flatMap((row) => row.run_id ?? []))];
  const [outcomes, intents] = await Promise.all([
    readOutcomes(db, projectId, runIds),
    readOpenIntents(
      db,
      projectId,
      rows.map((row) => row.id),
    ),
  ]);
  return rows.map((row) => ({
    projectId,
    id: row.id,
    kind: row.kind,
    fanId: row.fan_id,
    flowId: row.flow_id,
    flowVersionId: row.flow_version_id,
    runId: row.run_id,
    position: row.position,
    service: row.service,
    priority: row.priority,
    deadlineAt: row.deadline_at,
    attempt: row.attempt,
    worker,
    lease: row.lease,
    cancel: row.cancel,
    data: row.data,
    outcomes: [...(outcomes.get(row.run_id ?? '') ?? [])],
    intents: intents.get(row.id) ?? [],
    hasFreshFacts: false,
  }));
}

async function readOpenIntents(db: Db, projectId: string, workIds: readonly string[]) {
  const { rows } = await sql<OpenIntent & { work_id: string }>`
    select work_id, id, position, service, effect, key, payload, attempt, account, credits,
           sent_at as "sentAt", created_at as "createdAt",
           (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs"
      from intent where project_id = ${projectId} and work_id = any(${[...workIds]}) and state = 'open'`.execute(
    db,
  );
  const readAtMs = uptime();
  return Map.groupBy(
    rows.map((row) => ({ ...row, readAtMs })),
    (row) => row.work_id,
  );
}
