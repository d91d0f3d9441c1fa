import { Button } from '@mantine/core';
import { t } from '../../catalogue/index.ts';
import type { Kept } from './draft-keeper.ts';
import styles from './editor.module.css';

const quiet = ['saved', 'unsaved', 'saving'];

/** Whether the server has what is drawn; where it has not, why, and where the edits are meanwhile. */
export function SavedWords({ kept, isKept, decide }: { kept: Kept; isKept: boolean; decide: () => void }) {
  const { state, refusal } = kept;
  const isTrouble = !quiet.includes(state);
  return (
    <output className={styles.saved} data-is-trouble={isTrouble}>
      <span>
        {refusal !== null && `${refusal} `}
        {t.editor.save[state]}
        {isTrouble && !isKept && ` ${t.editor.save.notKept}`}
        {kept.isRestored && ` ${t.editor.restored}`}
      </span>
      {state === 'stale' && (
        <Button size="compact-sm" onClick={decide}>
          {t.editor.choose}
        </Button>
      )}
    </output>
  );
}
