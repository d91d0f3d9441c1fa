import { useParams } from 'react-router';
import { LiveSign } from '../runs/live-sign.tsx';
import { FilteredRuns } from '../runs/run-list.tsx';
import { useLiveRuns } from '../runs/use-live-runs.ts';

/** The tab with one flow's runs, live. */
export function Component() {
  const { flowId = '' } = useParams();
  const isLive = useLiveRuns({ flowId });
  return (
    <>
      <LiveSign isLive={isLive} />
      <FilteredRuns flowId={flowId} />
    </>
  );
}
