import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowsRight,
  IconCopy,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { activateFlow, duplicateFlow, getFlow, listFlows } from '#flows/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { listFlowResults } from '#results/contract.ts';
import { CallError, useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import type { Flow } from './flow-list.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { useRemoval } from './use-removal.ts';

/** What can be done with a flow without opening it. */
export function FlowMenu({ flow }: { flow: Flow }) {
  const [isPausing, setPausing] = useState(false);
  const navigate = useNavigate();
  const mayEdit = useMay('edit');
  const mayActivate = useMay('activate');
  const start = useStart(flow);
  const duplicate = useDuplicate(flow);
  const remove = useRemoval(flow);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t.flows.more(flow.name)}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowsRight size={16} aria-hidden />}
            onClick={() => void navigate(paths.flowRuns(flow.id))}
          >
            {t.flows.seeRuns}
          </Menu.Item>
          {mayActivate && flow.state === 'active' && (
            <Menu.Item
              leftSection={<IconPlayerPause size={16} aria-hidden />}
              onClick={() => setPausing(true)}
            >
              {t.flows.pause}
            </Menu.Item>
          )}
          {mayActivate && flow.state !== 'active' && (
            <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => void start()}>
              {flow.state === 'paused' ? t.flows.start : t.flows.turnOn}
            </Menu.Item>
          )}
          {mayEdit && (
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void duplicate()}>
              {t.flows.duplicate}
            </Menu.Item>
          )}
          {mayActivate && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => void remove()}
            >
              {t.flows.remove}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <PauseDialog flowId={flow.id} isOpen={isPausing} close={() => setPausing(false)} />
    </>
  );
}

/** R13–R15: a refusal names the flow that stands against it, and leads there. */
function useStart({ id, name, state }: Flow): () => Promise<void> {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const activate = useAction(activateFlow, { changes: [listFlows, getFlow, getFlowFacts, listFlowResults] });
  const isPaused = state === 'paused';
  return async () => {
    const isDone = await confirm({
      title: isPaused ? t.flows.startTitle(name) : t.flows.turnOnTitle(name),
      text: isPaused ? t.flows.startText : t.flows.turnOnText,
      action: isPaused ? t.flows.start : t.flows.turnOn,
      run: () => activate.mutateAsync({ params: { id } }),
      wayOut: (error) => {
        if (!(error instanceof CallError)) return null;
        const { conflict } = error.problem;
        if (conflict === undefined) return { label: t.flows.edit, go: () => void navigate(paths.flow(id)) };
        return {
          label: t.editor.conflictLink(conflict.flowName),
          go: () => void navigate(paths.flow(conflict.flowId)),
        };
      },
    });
    if (isDone) toast(t.flows.started);
  };
}

function useDuplicate({ id }: Flow): () => Promise<void> {
  const navigate = useNavigate();
  const duplicate = useAction(duplicateFlow, { changes: [listFlows] });
  return async () => {
    try {
      const copy = await duplicate.mutateAsync({ params: { id } });
      toast(t.flows.duplicated(copy.name));
      void navigate(paths.flow(copy.id));
    } catch (error) {
      toastProblem(error);
    }
  };
}
