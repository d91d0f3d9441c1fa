import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { pauseFlow } from '#flows/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './dialogs.module.css';
import { flowDoors, type BarProps } from './bar-props.ts';

const choices = ['hold', 'finish', 'cancel'] as const;

/** R9: no new runs at once; what of those under way is a choice. */
export function PauseDialog({
  kept,
  keeper,
  close,
  isOpen,
}: BarProps & { close: () => void; isOpen: boolean }) {
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.editor.pauseTitle}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      <Body kept={kept} keeper={keeper} close={close} />
    </Modal>
  );
}

function Body({ kept, keeper, close }: Pick<BarProps, 'kept' | 'keeper'> & { close: () => void }) {
  const [inProgress, setInProgress] = useState<(typeof choices)[number]>('hold');
  const pause = useAction(pauseFlow, { changes: flowDoors });
  const run = async () => {
    keeper.note(await pause.mutateAsync({ params: { id: kept.flow.id }, body: { inProgress } }));
    toast(t.editor.paused);
    close();
  };
  return (
    <div className={styles.body}>
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
