import { resultStatuses, type ResultStatus, type StatusCounts } from './contract.ts';
import type { CountRow } from './queries.ts';

const dayMs = 24 * 60 * 60_000;

/** The last `count` days up to that of `now`, oldest first. */
export function daysOf(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(now.getTime() - (count - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
}

export function sumOf(rows: readonly { count: number }[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** Outcomes by status; steps under way and the count of runs are in none of them. */
export function countStatuses(rows: readonly CountRow[]): StatusCounts {
  const counts: StatusCounts = { done: 0, skipped: 0, held: 0, deferred: 0, failed: 0, unknown: 0 };
  for (const { status, count } of rows) if (isResult(status)) counts[status] += count;
  return counts;
}

export interface FunnelStep {
  position: number;
  runs: number;
  outcomes: StatusCounts;
  reasons: { status: ResultStatus; reason: string | null; service: string | null; count: number }[];
}

/** Each step with what became of it: all that are there now, and earlier ones that anybody came to. */
export function funnelOf(rows: readonly CountRow[], steps: number): FunnelStep[] {
  const last = rows.reduce((most, { position }) => Math.max(most, position), steps);
  return Array.from({ length: last }, (_, index) => {
    const there = rows.filter(({ position }) => position === index + 1);
    return {
      position: index + 1,
      runs: runsOf(there),
      outcomes: countStatuses(there),
      reasons: reasonsOf(there),
    };
  });
}

/** A step on two services makes two outcomes of one run: the busiest service says how many came. */
function runsOf(rows: readonly CountRow[]): number {
  const byService = Map.groupBy(rows, ({ service }) => service);
  const sums = [...byService].map(([service, list]) => ({ service, count: sumOf(list) }));
  const ofNone = sums.find(({ service }) => service === '')?.count ?? 0;
  const ofServices = sums.filter(({ service }) => service !== '').map(({ count }) => count);
  return ofNone + Math.max(0, ...ofServices);
}

/** Over all days, most first; as many: in the order of their statuses. */
function reasonsOf(rows: readonly CountRow[]): FunnelStep['reasons'] {
  const keyOf = ({ status, reason, service }: CountRow) => `${status} ${reason} ${service}`;
  return [...Map.groupBy(rows, keyOf).values()]
    .flatMap((list) => {
      const [{ status, reason, service } = { status: '', reason: '', service: '' }] = list;
      if (!isResult(status)) return [];
      return [{ status, reason: reason || null, service: service || null, count: sumOf(list) }];
    })
    .sort(
      (a, b) => b.count - a.count || rank(a.status) - rank(b.status) || nameOf(a).localeCompare(nameOf(b)),
    );
}

const rank = (status: ResultStatus) => resultStatuses.indexOf(status);
const nameOf = ({ service, reason }: FunnelStep['reasons'][number]) => `${service ?? ''} ${reason ?? ''}`;

function isResult(status: string): status is ResultStatus {
  return resultStatuses.some((one) => one === status);
}
