import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Schedule } from './schedule.ts';

interface Row {
  run_id: string;
  fan_id: string;
  position: number;
  status: string;
  reason: string | null;
  run_state: string;
}

/** Everything that must hold when a schedule is over; one sentence for each thing that does not. */
export async function check(schedule: Schedule, db: Db): Promise<string[]> {
  const { rows } = await sql<Row>`
    select o.run_id, r.fan_id, o.position, o.status, o.reason, r.state as run_state
      from outcome o join run r on r.project_id = o.project_id and r.id = o.run_id
     where o.project_id = ${schedule.projectId} order by o.run_id, o.position`.execute(db);
  return [
    ...schedule.complaints,
    ...schedule.provider.mistakes,
    ...(await checkNothingLost(schedule, db, rows)),
    ...checkNothingTwice(schedule, rows),
    ...(await checkLocalRows(schedule, db, rows)),
    ...checkOrder(schedule),
    ...(await schedule.intentsAfterStop(db)),
    ...rows.flatMap((row) => checkExplained(schedule, row)),
  ];
}

async function checkNothingLost(schedule: Schedule, db: Db, rows: readonly Row[]): Promise<string[]> {
  const said: string[] = [];
  const runs = await sql<{ id: string; state: string }>`
    select id, state from run where project_id = ${schedule.projectId}`.execute(db);
  const known = new Set(runs.rows.map((run) => run.id));
  for (const [event, answered] of schedule.runs) {
    for (const run of answered) if (!known.has(run)) said.push(`the run of event ${event} is lost`);
  }
  for (const { id, state } of runs.rows) {
    const own = rows.filter((row) => row.run_id === id);
    if (state === 'open') said.push(`run ${id} never ended`);
    const positions = own.map((row) => row.position).join();
    const all = schedule.steps.map((_, at) => at + 1).join();
    if (positions !== all) said.push(`run ${id} has outcomes of ${positions}, not of ${all}`);
    for (const row of own) {
      if (['running', 'held', 'deferred'].includes(row.status))
        said.push(`step ${row.position} of ${id} is still ${row.status}`);
    }
  }
  return said;
}

function checkNothingTwice(schedule: Schedule, rows: readonly Row[]): string[] {
  const said: string[] = [];
  for (const [key, done] of schedule.provider.carriedOut) {
    if (done[0]?.effect !== 'repeatable' && done.length > 1)
      said.push(`${key} was carried out ${done.length} times`);
  }
  for (const row of rows) {
    const kind = schedule.steps[row.position - 1];
    if (kind !== 'once' && kind !== 'hold' && kind !== 'keyed') continue;
    const count = schedule.provider.count(`${row.run_id}:${row.position}:`);
    if (row.status === 'done' && count !== 1)
      said.push(`step ${row.position} of ${row.run_id} is done, carried out ${count} times`);
    if ((row.status === 'failed' || row.status === 'skipped') && count > 0) {
      said.push(
        `step ${row.position} of ${row.run_id} is ${row.status} (${row.reason}), and was carried out`,
      );
    }
  }
  return said;
}

async function checkLocalRows(schedule: Schedule, db: Db, rows: readonly Row[]): Promise<string[]> {
  const { rows: local } = await sql<{ run: string; position: number; count: number }>`
    select run, position, count(*)::int as count from sim_local
     where project_id = ${schedule.projectId} group by run, position`.execute(db);
  const counts = new Map(local.map((one) => [`${one.run}/${one.position}`, one.count]));
  return rows.flatMap((row) => {
    if (schedule.steps[row.position - 1] !== 'local') return [];
    const count = counts.get(`${row.run_id}/${row.position}`) ?? 0;
    const wanted = row.status === 'done' ? 1 : 0;
    return count === wanted
      ? []
      : [`local step ${row.position} of ${row.run_id} is ${row.status} with ${count} rows`];
  });
}

/** Steps that are not deferred begin in order. */
function checkOrder({ provider, steps }: Schedule): string[] {
  const last = new Map<string, number>();
  return provider.begun.flatMap((key) => {
    const [run = '', position = ''] = key.split(':');
    if (steps[Number(position) - 1] === 'defer') return [];
    const before = last.get(run) ?? 0;
    last.set(run, Number(position));
    return Number(position) < before ? [`step ${position} of ${run} began after step ${before}`] : [];
  });
}

function checkExplained(schedule: Schedule, row: Row): string[] {
  const where = `step ${row.position} of ${row.run_id} is ${row.status}: ${row.reason}`;
  if (row.status === 'unknown') return row.reason === 'maybe_done' ? [] : [where];
  if (row.status === 'failed') return row.reason === 'refused' ? [] : [where];
  if (row.status !== 'skipped') return [];
  const isTrue =
    (row.reason === 'opted_out' && schedule.stopped.has(row.fan_id)) ||
    (row.reason === 'cancelled' && schedule.cancelled.has(row.fan_id)) ||
    (row.reason === 'not_connected' && schedule.steps[row.position - 1] === 'defer');
  return isTrue ? [] : [`${where}, and nothing explains it`];
}
