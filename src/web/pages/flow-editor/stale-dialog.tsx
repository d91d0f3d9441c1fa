import { Button, Modal } from '@mantine/core';
import type { FlowView } from '#flows/contract.ts';
import { flowDifference } from '#flows/history/difference.ts';
import { t } from '../../catalogue/index.ts';
import { Changes } from './changes.tsx';
import styles from './dialogs.module.css';
import { draftOf } from './draft.ts';
import type { DraftKeeper, Kept } from './draft-keeper.ts';
import type { NameOf } from './subjects.ts';

interface StaleProps {
  kept: Kept;
  theirs: FlowView;
  nameOf: NameOf;
  isOpen: boolean;
  close: () => void;
  keeper: DraftKeeper;
}

/** Two people, or two tabs, drew the same flow: which of the two goes on. Nothing is lost before the choice. */
export function StaleDialog({ kept, theirs, nameOf, isOpen, close, keeper }: StaleProps) {
  const changes = isOpen ? flowDifference(draftOf(theirs), kept.draft, nameOf) : [];
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.editor.stale.title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      <div className={styles.body}>
        <p>{t.editor.stale.text}</p>
        {changes.length === 0 ? (
          <p>{t.editor.stale.same}</p>
        ) : (
          <section aria-label={t.editor.stale.difference}>
            <p className={styles.soft}>{t.editor.stale.difference}</p>
            <Changes changes={changes} label={t.editor.stale.difference} />
          </section>
        )}
        <div className={styles.choice}>
          <div>
            <Button fullWidth onClick={() => void keeper.keepMine()}>
              {t.editor.stale.mine}
            </Button>
            <p>{t.editor.stale.mineHint}</p>
          </div>
          <div>
            <Button fullWidth onClick={() => keeper.takeTheirs()}>
              {t.editor.stale.theirs}
            </Button>
            <p>{t.editor.stale.theirsHint}</p>
          </div>
        </div>
        <div className={styles.buttons}>
          <Button variant="subtle" onClick={close}>
            {t.editor.stale.later}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
