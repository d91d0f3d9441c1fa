import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { cancelRun, getRun, getRunMessages, getRunStory, listRuns } from '#runs/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Line } from '../../ui/line.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { duration } from '../../ui/time.ts';
import { Moment } from '../../ui/times.tsx';
import { toast } from '../../ui/toast.ts';
import { LiveSign } from './live-sign.tsx';
import { BeginPoint } from './begin-point.tsx';
import { StepPoint } from './step-point.tsx';
import { useLiveRuns, type Run } from './use-live-runs.ts';
import { fanOf, flowOf, useRunNames } from './use-run-names.ts';

/** One run as the line, top to bottom, live. */
export function Component() {
  const { runId = '' } = useParams();
  const run = useRead(getRun, { params: { id: runId } });
  const isLive = useLiveRuns({ runId });
  if (run.data !== undefined) return <RunPage key={runId} run={run.data} isLive={isLive} />;
  return (
    <Page title={t.runs.one} of={t.runs.title}>
      {run.isError ? <Problem error={run.error} again={() => void run.refetch()} /> : <Loading lines={5} />}
    </Page>
  );
}

function RunPage({ run, isLive }: { run: Run; isLive: boolean }) {
  const name = useRunNames([run.id]).names.get(run.id);
  const story = useRead(getRunStory, { params: { id: run.id } });
  const maySeeAddresses = useMay('see-addresses');
  const sent = useRead(getRunMessages, { params: { id: run.id } }, { enabled: maySeeAddresses });
  const byPosition = [...Map.groupBy(run.steps, ({ position }) => position)];
  const isOver = run.state === 'ended' || run.state === 'cancelled';
  return (
    <Page
      title={t.runs.of(fanOf(name))}
      of={t.runs.title}
      hint={
        <>
          {name !== undefined && <Link to={paths.flow(run.flowId)}>{flowOf(name)}</Link>}
          {` · ${t.runs.version(run.flowVersion)} · `}
          <Moment at={run.startedAt} seconds />
          {` · ${t.runs.states[run.state]}`}
          {run.endedAt !== null && ` · ${t.runs.took(tookOf(run))}`}
          {run.openSteps > 0 && ` · ${t.runs.openSteps(run.openSteps)}`}
        </>
      }
      actions={
        <>
          <LiveSign isLive={isLive} />
          {(!isOver || run.openSteps > 0) && <CancelButton run={run} />}
        </>
      }
    >
      {story.isError && <Problem error={story.error} again={() => void story.refetch()} />}
      <Line label={t.runs.line}>
        <BeginPoint run={run} event={story.data?.event} fan={fanOf(name)} />
        {byPosition.map(([position, parts]) => (
          <StepPoint
            key={position}
            parts={parts}
            story={story.data?.steps.find((one) => one.position === position)}
            messages={sent.data?.items.filter((one) => one.position === position) ?? []}
          />
        ))}
      </Line>
    </Page>
  );
}

function tookOf({ startedAt, endedAt }: Run): string {
  return duration(Date.parse(endedAt ?? startedAt) - Date.parse(startedAt));
}

function CancelButton({ run }: { run: Run }) {
  const confirm = useConfirm();
  const cancel = useAction(cancelRun, { changes: [getRun, listRuns] });
  if (!useMay('activate')) return null;
  const ask = async () => {
    const isDone = await confirm({
      title: t.runs.cancelTitle,
      text: t.runs.cancelText,
      action: t.runs.cancel,
      isDestructive: true,
      run: () => cancel.mutateAsync({ params: { id: run.id } }),
    });
    if (isDone) toast(t.runs.cancelled);
  };
  return <Button onClick={() => void ask()}>{t.runs.cancel}</Button>;
}
