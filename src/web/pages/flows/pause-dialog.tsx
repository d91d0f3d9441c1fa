import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { getFlow, listFlows, pauseFlow, type FlowView } from '#flows/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './flows.module.css';

const choices = ['hold', 'finish', 'cancel'] as const;

interface PauseProps {
  flowId: string;
  close: () => void;
  onPaused?: (flow: FlowView) => void;
}

/** R9: no new runs at once; what of those under way is a choice. */
export function PauseDialog({ isOpen, ...props }: PauseProps & { isOpen: boolean }) {
  return (
    <Modal
      opened={isOpen}
      onClose={props.close}
      title={t.editor.pauseTitle}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      <Body {...props} />
    </Modal>
  );
}

function Body({ flowId, close, onPaused }: PauseProps) {
  const [inProgress, setInProgress] = useState<(typeof choices)[number]>('hold');
  const pause = useAction(pauseFlow, { changes: [getFlow, listFlows, getFlowFacts] });
  const run = async () => {
    const flow = await pause.mutateAsync({ params: { id: flowId }, body: { inProgress } });
    onPaused?.(flow);
    toast(t.editor.paused);
    close();
  };
  return (
    <div className={styles.dialog}>
      <Radio.Group
        label={t.editor.pauseText}
        value={inProgress}
        onChange={(value) => setInProgress(choices.find((one) => one === value) ?? 'hold')}
      >
        {choices.map((choice) => (
          <Radio key={choice} value={choice} label={t.editor.pauseChoices[choice]} mt="sm" />
        ))}
      </Radio.Group>
      <p className={styles.soft}>{t.editor.pauseKept}</p>
      {pause.error !== null && <Problem error={pause.error} />}
      <div className={styles.buttons}>
        <Button onClick={close}>{t.shell.cancel}</Button>
        <Button
          variant="filled"
          loading={pause.isPending}
          onClick={() => {
            // A refusal stands in `pause.error`.
            run().catch(() => undefined);
          }}
        >
          {t.editor.pause}
        </Button>
      </div>
    </div>
  );
}
