import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { getRun, getRunMessages, getRunStory, listRuns, streamRuns } from '#runs/contract.ts';
import { keyOf, type ItemOf, type ResponseOf } from '../../call.ts';
import { useLive } from '../../live.ts';

export type Run = ItemOf<typeof listRuns>;
type Pages = InfiniteData<ResponseOf<typeof listRuns>>;

/** New runs move the list at most so often, however many there are. */
const readAgainMs = 1_000;

/**
 * Keeps the lists of runs, and one run by `runId`, as they are now. What is shown changes in place; what
 * is new is read with the list's own filters. Returns whether the page is live.
 */
export function useLiveRuns({ flowId, runId }: { flowId?: string; runId?: string }): boolean {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const readAgain = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: keyOf(listRuns) });
    }, readAgainMs);
  };
  const query = { ...(flowId !== undefined && { flowId }), ...(runId !== undefined && { runId }) };
  return useLive(
    streamRuns,
    { query },
    {
      // What happened while nobody listened is read once.
      onReady: () => {
        readAgain();
        if (runId !== undefined) void client.invalidateQueries({ queryKey: keyOf(getRun) });
      },
      onEvent: (_, data) => {
        // As: each event `run` holds a whole run, as the list does.
        const run = data as Run;
        client.setQueryData(keyOf(getRun, { params: { id: run.id } }), run);
        if (run.id === runId) {
          for (const door of [getRunStory, getRunMessages])
            void client.invalidateQueries({ queryKey: keyOf(door, { params: { id: run.id } }) });
        }
        client.setQueriesData<Pages>({ queryKey: keyOf(listRuns) }, (pages) => replaced(pages, run));
        readAgain();
      },
    },
  );
}

function replaced(pages: Pages | undefined, run: Run): Pages | undefined {
  if (pages === undefined || !('pages' in pages)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((one) => (one.id === run.id ? run : one)),
    })),
  };
}
