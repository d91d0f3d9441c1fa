import { Outlet, useParams } from 'react-router';
import { getFlow } from '#flows/contract.ts';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { LineTabs } from '../../ui/line-tabs.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';

/** One flow: its name and state, and three views of it on one line. */
export function Component() {
  const { flowId = '' } = useParams();
  const flow = useRead(getFlow, { params: { id: flowId } });
  const tabs = (
    <LineTabs
      label={t.flows.views}
      tabs={[
        { to: paths.flow(flowId), label: t.flows.edit, isExact: true },
        { to: paths.flowRuns(flowId), label: t.runs.title },
        { to: paths.flowResults(flowId), label: t.flows.results },
      ]}
    />
  );
  if (flow.isError && flow.data === undefined) {
    return (
      <Page title={t.flows.one}>
        <Problem error={flow.error} again={() => void flow.refetch()} />
      </Page>
    );
  }
  return (
    <Page title={flow.data?.name ?? t.flows.one} tabs={tabs}>
      <Outlet />
    </Page>
  );
}
