import type { Db } from '#db/database.ts';
import { encodeCursor } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import type { RunStepView, RunView } from './contract.ts';
import {
  listOutcomeRows,
  listRunRows,
  searchRuns,
  type OutcomeRow,
  type RunFilter,
  type RunRow,
  type RunSearch,
} from './queries.ts';

/** One run with all its steps; 404 when the project has no such run. */
export async function viewRun(db: Db, projectId: string, runId: string): Promise<RunView> {
  const [run] = await viewRuns(db, projectId, { ids: [runId] }, { before: null, limit: 1 });
  if (run === undefined) throw new UserError(404, 'not_found', 'There is no such run.');
  return run;
}

/** Runs as the API shows them, newest first. */
export async function viewRuns(
  db: Db,
  projectId: string,
  filter: RunFilter,
  page: { before: string | null; limit: number },
): Promise<RunView[]> {
  const runs = await listRunRows(db, projectId, filter, page);
  const outcomes = await listOutcomeRows(
    db,
    projectId,
    runs.map((run) => run.id),
  );
  const byRun = Map.groupBy(outcomes, (outcome) => outcome.run_id);
  return runs.map((run) => toView(run, byRun.get(run.id) ?? []));
}

/** Runs by what came out of their steps, newest first; the cursor may point behind what was looked at. */
export async function findRuns(
  db: Db,
  projectId: string,
  filter: RunFilter & RunSearch,
  page: { before: string | null; limit: number },
): Promise<{ items: RunView[]; nextCursor: string | null }> {
  const { ids, next } = await searchRuns(db, projectId, filter, page);
  const { state } = filter;
  const items = await viewRuns(db, projectId, { ids, state }, { before: null, limit: page.limit });
  return { items, nextCursor: next === null ? null : encodeCursor(next) };
}

function toView(run: RunRow, outcomes: readonly OutcomeRow[]): RunView {
  const byPosition = Map.groupBy(outcomes, (outcome) => outcome.position);
  return {
    id: run.id,
    flowId: run.flow_id,
    flowVersion: run.flow_version,
    fanId: run.fan_id,
    eventId: run.event_id,
    state: run.state,
    // What this run still waits for itself; a mirror waits for another run's promise (R30).
    openSteps: outcomes.filter((outcome) => outcome.status === 'deferred' && !outcome.is_mirror).length,
    startedAt: run.started_at,
    endedAt: run.ended_at,
    steps: run.plan.flatMap((step, index) => {
      const position = index + 1;
      const there = byPosition.get(position) ?? [];
      return there.length === 0
        ? [pending(position, step)]
        : there.map((outcome) => stepView(outcome, position, step));
    }),
  };
}

function stepView(outcome: OutcomeRow, position: number, step: string): RunStepView {
  return {
    position,
    step,
    service: outcome.service === '' ? null : outcome.service,
    status: outcome.status,
    reason: outcome.reason,
    startedAt: outcome.started_at,
    endedAt: outcome.ended_at,
    attempts: outcome.attempts,
    providerId: outcome.provider_id,
    credits: outcome.credits,
    waitingFor: outcome.waiting_for,
    delivery: outcome.delivery,
    history: outcome.history,
  };
}

function pending(position: number, step: string): RunStepView {
  return {
    position,
    step,
    service: null,
    status: 'pending',
    reason: null,
    startedAt: null,
    endedAt: null,
    attempts: 0,
    providerId: null,
    credits: 0,
    waitingFor: null,
    delivery: null,
    history: [],
  };
}
