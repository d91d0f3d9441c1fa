import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { FlowView } from '#flows/contract.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { keyOfCard, openCard, titleOf, type Card } from './card.ts';
import { EditorBar } from './editor-bar.tsx';
import styles from './editor.module.css';
import { FormOfCard } from './form-of-card.tsx';
import { LineOfCards } from './line-of-cards.tsx';
import { Outlook } from './outlook.tsx';
import { PlanNotice } from './plan-notice.tsx';
import { StaleDialog } from './stale-dialog.tsx';
import { useSubjects } from './subjects.ts';
import { useKeeper } from './use-keeper.ts';
import type { Draft } from './draft.ts';

/**
 * The line of cards at the left, the open one's form in the middle, what will happen to whom at the
 * right; on a phone the line alone, with the form as a sheet over it.
 */
export function Editor({ flow }: { flow: FlowView }) {
  const { keeper, kept, isKept } = useKeeper(flow);
  const [isDeciding, setDeciding] = useState(true);
  const isPhone = useMediaQuery('(max-width: 48rem)');
  const [place, setPlace] = useUrlState('card');
  const { draft } = kept;
  const subjects = useSubjects(draft);
  const may = useMay('edit');
  const open = openCard(place, draft, isPhone);
  const openAt = (next: Card | null) => setPlace(next === null ? '' : String(next));
  const change = (edit: (now: Draft) => Draft) => keeper.change(edit);
  const all = { kept, subjects, change, open, isReadOnly: !may };
  const form = open === null ? null : <FormOfCard {...all} open={open} key={keyOfCard(draft, open)} />;
  const outlook = open === null ? null : <Outlook {...all} open={open} />;
  return (
    <>
      <EditorBar {...all} keeper={keeper} isKept={isKept} openAt={openAt} decide={() => setDeciding(true)} />
      {may && flow.state !== 'active' && <PlanNotice facts={subjects.facts} />}
      {!may && <p className={styles.readOnly}>{t.editor.readOnly}</p>}
      <div className={styles.panes}>
        <LineOfCards {...all} openAt={openAt} />
        {!isPhone && (
          <>
            <div className={styles.form}>{form}</div>
            <div className={styles.outlook}>{outlook}</div>
          </>
        )}
      </div>
      {isPhone && (
        <Drawer
          opened={open !== null}
          onClose={() => openAt(null)}
          position="bottom"
          size="88%"
          title={open === null ? '' : titleOf(draft, open, subjects)}
          closeButtonProps={{ 'aria-label': t.editor.closeSheet }}
          classNames={{ title: styles.sheetTitle ?? '' }}
        >
          <div className={styles.sheet}>
            {form}
            {outlook}
          </div>
        </Drawer>
      )}
      {kept.theirs !== null && (
        <StaleDialog
          kept={kept}
          theirs={kept.theirs}
          nameOf={subjects.nameOf}
          isOpen={isDeciding}
          close={() => setDeciding(false)}
          keeper={keeper}
        />
      )}
    </>
  );
}
