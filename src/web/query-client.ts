import { QueryClient } from '@tanstack/react-query';
import { CallError } from '#lib/endpoint.ts';

/** Refusals stay refusals: only what did not come through is asked for again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < 2 && !(error instanceof CallError && error.problem.status < 500),
        refetchOnWindowFocus: true,
      },
      // Without a connection a change fails at once, in words, where it was asked for; none waits unseen.
      mutations: { networkMode: 'always' },
    },
  });
}
