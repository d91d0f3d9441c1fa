import { microsOf, currency } from '#credits/prices.ts';
import type { Db } from '#db/database.ts';
import { referencesOf, stepDefinition } from '#flows/definition.ts';
import { getVersionRow } from '#flows/history/queries.ts';
import { loadFlowContext } from '#flows/problems/context.ts';
import { nameOf } from '#flows/problems/references.ts';
import { getFlowRow } from '#flows/queries.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { route, type Route } from '#lib/route.ts';
import { steps as allSteps, type StepId } from '#steps/index.ts';
import { readLinkVisits } from '#visits/queries.ts';
import * as contract from './contract.ts';
import { dayOf, readCounts, readPlans, type CountRow, type Range } from './queries.ts';
import { countStatuses, daysOf, funnelOf, sumOf } from './sums.ts';

export interface ResultDeps {
  db: Db;
  clock: DomainClock;
  wall: WallClock;
}

const dayMs = 24 * 60 * 60_000;
const sparkDays = 7;

export function resultRoutes(deps: ResultDeps): Route[] {
  return [
    route(contract.listFlowResults, ({ projectId, query }) => listResults(deps, projectId, query.days)),
    route(contract.getFlowResults, ({ projectId, params, query }) =>
      readResults(deps, projectId, params.id, query.days),
    ),
  ];
}

function rangeOf({ clock, wall }: ResultDeps, projectId: string, days: number): Range {
  const now = clock.now(projectId);
  return { from: new Date(now.getTime() - (days - 1) * dayMs), now, wallNow: wall.now() };
}

async function listResults(deps: ResultDeps, projectId: string, days: number) {
  const range = rangeOf(deps, projectId, Math.max(days, sparkDays));
  const [counts, plans] = await Promise.all([
    readCounts(deps.db, projectId, range),
    readPlans(deps.db, projectId),
  ]);
  const byFlow = Map.groupBy(counts, ({ flowId }) => flowId);
  const first = dayOf(rangeOf(deps, projectId, days).from);
  const spark = daysOf(range.now, sparkDays);
  const items = plans.map(({ flowId, steps }) => {
    const all = byFlow.get(flowId) ?? [];
    const wanted = all.filter(({ day }) => day >= first);
    const started = all.filter(({ status }) => status === 'started');
    return {
      flowId,
      runs: sumOf(wanted.filter(({ status }) => status === 'started')),
      outcomes: countStatuses(wanted),
      micros: moneyOf(wanted, steps),
      daily: spark.map((day) => sumOf(started.filter((one) => one.day === day))),
    };
  });
  return { currency, days: spark, items };
}

async function readResults(deps: ResultDeps, projectId: string, flowId: string, days: number) {
  const { db } = deps;
  const flow = await getFlowRow(db, projectId, flowId);
  const range = rangeOf(deps, projectId, days);
  const [counts, clicks, running] = await Promise.all([
    readCounts(db, projectId, range, flowId),
    readLinkVisits(db, projectId, flowId, range.now, days),
    getVersionRow(db, projectId, flowId, flow.activeVersion ?? flow.version),
  ]);
  const context = await loadFlowContext(db, projectId, referencesOf(running));
  const ids = running.steps.map(({ step }) => step);
  const byDay = Map.groupBy(counts, ({ day }) => day);
  return {
    currency,
    runs: sumOf(counts.filter(({ status }) => status === 'started')),
    micros: moneyOf(counts, ids),
    days: daysOf(range.now, days).map((day) => {
      const there = byDay.get(day) ?? [];
      const started = there.filter(({ status }) => status === 'started');
      return { day, runs: sumOf(started), outcomes: countStatuses(there) };
    }),
    steps: funnelOf(counts, running.steps.length).map(({ position, ...sums }) => {
      const step = running.steps[position - 1];
      const summary =
        step && stepDefinition(step.step).summary(step.config as never, (one) => nameOf(context, one));
      const there = counts.filter((one) => one.position === position);
      return {
        position,
        step: step?.step ?? null,
        summary: summary ?? null,
        ...sums,
        micros: moneyOf(there, ids),
        clicks: clicks.get(position) ?? { people: 0, scanners: 0 },
      };
    }),
  };
}

/** Credits of positions that no version knows any more are taken as the commonest kind. */
function moneyOf(counts: readonly CountRow[], steps: readonly string[]): number {
  return counts.reduce((sum, { position, credits }) => {
    // As: looked up, and absent where the step was taken out of this installation.
    const definition = allSteps[steps[position - 1] as StepId] as { uses: string | null } | undefined;
    return sum + microsOf(definition?.uses ?? 'sms', credits);
  }, 0);
}
