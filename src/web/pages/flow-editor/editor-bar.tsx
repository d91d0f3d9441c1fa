import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconHistory, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { FlowView } from '#flows/contract.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { PauseDialog } from '../flows/pause-dialog.tsx';
import { useRemoval } from '../flows/use-removal.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import type { BarProps } from './bar-props.ts';
import type { Kept } from './draft-keeper.ts';
import styles from './editor.module.css';
import { HistoryDrawer } from './history-drawer.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { SavedWords } from './saved-words.tsx';

type Dialog = 'activate' | 'pause' | 'rename' | 'history';

/** The flow's state, whether the edits are saved, and what can be done with the flow as a whole. */
export function EditorBar(props: BarProps) {
  const { keeper, kept } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const mayActivate = useMay('activate');
  const mayEdit = useMay('edit');
  const { flow } = kept;
  const isChanged = hasChanges(kept);
  // What is shown next is about what is saved.
  const openSaved = async (next: Dialog) => {
    if (await keeper.flush()) setDialog(next);
    else if (keeper.current().state === 'stale') props.decide();
  };
  const dialogProps = { ...props, close: () => setDialog(null) };
  return (
    <div className={styles.bar}>
      <span className={styles.state}>
        <span className={styles.dot} data-state={flow.state} aria-hidden />
        {flow.state === 'active' && isChanged ? t.editor.changesWaiting : t.editor.states[flow.state]}
        {flow.pauseReason !== null && `: ${t.flows.pauseReasons[flow.pauseReason]}`}
      </span>
      <SavedWords {...props} />
      <div className={styles.buttons}>
        {mayActivate && flow.state === 'active' && (
          <Button onClick={() => setDialog('pause')}>{t.editor.pause}</Button>
        )}
        {mayActivate && (flow.state !== 'active' || isChanged) && (
          <NextButton onClick={() => void openSaved('activate')}>{activateWord(flow)}</NextButton>
        )}
        <MoreMenu {...{ flow, mayEdit, mayActivate, setDialog, openSaved }} />
      </div>
      <ActivateDialog {...dialogProps} isOpen={dialog === 'activate'} />
      <PauseDialog
        flowId={flow.id}
        isOpen={dialog === 'pause'}
        close={dialogProps.close}
        onPaused={(paused) => keeper.note(paused)}
      />
      <RenameDialog {...dialogProps} isOpen={dialog === 'rename'} />
      <HistoryDrawer {...dialogProps} isOpen={dialog === 'history'} isReadOnly={!mayEdit} />
    </div>
  );
}

/** Whether what is drawn differs from what runs. */
function hasChanges({ flow, state }: Kept): boolean {
  return flow.activeVersion !== flow.version || state !== 'saved';
}

function activateWord({ state }: FlowView): string {
  return { draft: t.editor.activate, active: t.editor.activateChanges, paused: t.editor.start }[state];
}

interface MoreProps {
  flow: FlowView;
  mayEdit: boolean;
  mayActivate: boolean;
  setDialog: (dialog: Dialog) => void;
  openSaved: (dialog: Dialog) => Promise<void>;
}

function MoreMenu({ flow, mayEdit, mayActivate, setDialog, openSaved }: MoreProps) {
  const remove = useRemoval(flow);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" variant="default" aria-label={t.editor.more}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayEdit && (
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog('rename')}>
            {t.editor.rename}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconHistory size={16} aria-hidden />}
          onClick={() => (mayEdit ? void openSaved('history') : setDialog('history'))}
        >
          {t.editor.history}
        </Menu.Item>
        {mayActivate && (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => void remove()}
          >
            {t.editor.removeFlow}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
