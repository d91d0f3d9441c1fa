import { reasons, runStates, type listRuns } from '#runs/contract.ts';
import type { CallInput } from '../../call.ts';

export type RunQuery = NonNullable<CallInput<typeof listRuns>['query']>;

/** Words of the address for how far back. */
export const sinceMs: Record<string, number> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};

export type Status = keyof typeof reasons;
// As: the keys of a constant.
export const statuses = Object.keys(reasons) as Status[];

/** What of the address's query says which runs; words that mean nothing are left out. */
export function queryOf(search: URLSearchParams, now: Date): RunQuery {
  const state = runStates.find((one) => one === search.get('state'));
  const status = statuses.find((one) => one === search.get('status'));
  const [flowId, fanId, reason] = ['flow', 'fan', 'reason'].map((name) => search.get(name) ?? '');
  const since = sinceOf(search.get('since') ?? '', now);
  return {
    ...(flowId !== '' && { flowId }),
    ...(fanId !== '' && { fanId }),
    ...(reason !== '' && { reason }),
    ...(state !== undefined && { state }),
    ...(status !== undefined && { status }),
    ...(since !== null && { since }),
  };
}

/** By the minute, so that the same list is not asked for anew with every look at the clock. */
function sinceOf(word: string, now: Date): string | null {
  const back = sinceMs[word];
  if (back !== undefined) return new Date(Math.floor((now.getTime() - back) / 60_000) * 60_000).toISOString();
  return Number.isNaN(Date.parse(word)) ? null : new Date(word).toISOString();
}
