import { useQueries } from '@tanstack/react-query';
import { listRunNames } from '#runs/contract.ts';
import { keyOf, send, type ItemOf } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';

export type RunName = ItemOf<typeof listRunNames>;

/** Names are asked for together, in lots that stay the same while the list grows at its head. */
const lot = 50;

/**
 * Whose runs they are and of which flows, by run; one that is still being asked for is missing.
 * `isPending`: none of them is known yet.
 */
export function useRunNames(runIds: readonly string[]): { names: Map<string, RunName>; isPending: boolean } {
  const oldestFirst = runIds.toReversed();
  const lots = Array.from({ length: Math.ceil(oldestFirst.length / lot) }, (_, at) =>
    oldestFirst.slice(at * lot, (at + 1) * lot),
  );
  return useQueries({
    queries: lots.map((ids) => {
      const input = { query: { ids: ids.join(',') } };
      return {
        queryKey: keyOf(listRunNames, input),
        queryFn: ({ signal }: { signal: AbortSignal }) => send(listRunNames, input, signal),
        staleTime: Infinity,
        placeholderData: (before: Awaited<ReturnType<typeof send<typeof listRunNames>>> | undefined) =>
          before,
      };
    }),
    combine: (results) => ({
      names: new Map(results.flatMap(({ data }) => data?.items ?? []).map((one) => [one.runId, one])),
      isPending: results.length > 0 && results.every((one) => one.isPending),
    }),
  });
}

/** What to call her: her name, else her number or address, else that she is a fan. */
export function fanOf(name: RunName | undefined): string {
  return name?.fanName ?? (name?.fanAddress == null ? t.runs.someone : phoneNumber(name.fanAddress));
}

export function flowOf(name: RunName): string {
  return name.flowName === '' ? t.runs.deletedFlow : name.flowName;
}
