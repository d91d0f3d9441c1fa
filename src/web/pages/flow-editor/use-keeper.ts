import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { getFlow, listFlows, updateFlow, type FlowView } from '#flows/contract.ts';
import { getFlowDifference, listFlowVersions } from '#flows/history/contract.ts';
import { keyOf, send } from '../../call.ts';
import { useTie } from '../../connection-state.ts';
import { requestOf } from './draft.ts';
import { DraftKeeper, type Kept } from './draft-keeper.ts';
import { forgetKept, keepEdits, readKept } from './kept-edits.ts';

/** The flow that is drawn on this page, kept and saved; `flow` is what the server said last. */
export function useKeeper(flow: FlowView): { keeper: DraftKeeper; kept: Kept; isKept: boolean } {
  const client = useQueryClient();
  const [isKept, setKept] = useState(true);
  const [keeper] = useState(
    () =>
      new DraftKeeper(flow, {
        save: async (id, draft, version) => {
          const saved = await send(updateFlow, { params: { id }, body: { ...requestOf(draft), version } });
          client.setQueryData(keyOf(getFlow, { params: { id } }), saved);
          for (const door of [listFlows, listFlowVersions, getFlowDifference])
            void client.invalidateQueries({ queryKey: keyOf(door) });
          return saved;
        },
        load: (id) => send(getFlow, { params: { id } }),
        keep: {
          read: () => readKept(flow.id),
          write: (edits) => setKept(keepEdits(flow.id, edits)),
          forget: () => forgetKept(flow.id),
        },
      }),
  );
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current);
  useEffect(() => keeper.note(flow), [keeper, flow]);
  useRetries(keeper);
  useEffect(() => () => void keeper.flush(), [keeper]);
  return { keeper, kept, isKept };
}

/** As soon as the connection is back, or somebody signed in again. */
function useRetries(keeper: DraftKeeper): void {
  const { isSignedOut } = useTie();
  useEffect(() => {
    if (!isSignedOut) keeper.retry();
  }, [keeper, isSignedOut]);
  useEffect(() => {
    const again = () => keeper.retry();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [keeper]);
}
