import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { stepIds, steps, type StepId } from '#steps/index.ts';
import type { StepDefinition } from '#steps/step.ts';
import { t } from '../../catalogue/index.ts';
import styles from './palette.module.css';
import { stepIcon } from './step-icons.tsx';
import type { FlowFacts } from './subjects.ts';

interface PaletteProps {
  isOpen: boolean;
  close: () => void;
  choose: (step: StepId) => void;
  facts: FlowFacts | undefined;
  /** Steps that the flow has already. */
  count: number;
}

/** Every step, found by typing. What the plan does not have is said here, before any work is done (R6, R7). */
export function Palette({ isOpen, close, choose, facts, count }: PaletteProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.editor.palette}
      closeButtonProps={{ 'aria-label': t.shell.close }}
      size="md"
    >
      <Body choose={choose} facts={facts} count={count} />
    </Modal>
  );
}

function Body({ choose, facts, count }: Pick<PaletteProps, 'choose' | 'facts' | 'count'>) {
  const [text, setText] = useState('');
  const plan = facts?.plan;
  if (plan !== undefined && plan.maxSteps !== null && count >= plan.maxSteps) {
    return <p className={styles.limit}>{t.editor.planSteps(plan.label, plan.maxSteps)}</p>;
  }
  const wanted = text.trim().toLowerCase();
  const found = stepIds.filter((id) => wordsOf(id).toLowerCase().includes(wanted));
  const groups = Map.groupBy(found, (id) => definitionOf(id).group);
  return (
    <>
      <TextInput
        data-autofocus
        aria-label={t.editor.paletteSearch}
        placeholder={t.editor.paletteSearch}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === 'Enter' && first !== undefined && wanted !== '') choose(first);
        }}
      />
      {found.length === 0 && <p className={styles.limit}>{t.editor.paletteNone(text.trim())}</p>}
      {[...groups].map(([group, ids]) => {
        const isMissing = group === 'social' && plan?.instagram === false;
        return (
          <section key={group} className={styles.group} aria-label={t.editor.groups[group]}>
            <h3>{t.editor.groups[group]}</h3>
            {isMissing && <p className={styles.limit}>{t.editor.planLacks(plan.label)}</p>}
            {ids.map((id) => (
              <button
                key={id}
                type="button"
                className={styles.step}
                disabled={isMissing}
                onClick={() => choose(id)}
              >
                {stepIcon(id, 20)}
                <span>
                  <b>{definitionOf(id).label}</b>
                  <small>{t.editor.about[id]}</small>
                </span>
              </button>
            ))}
          </section>
        );
      })}
    </>
  );
}

/** As: only what every definition has is read. */
function definitionOf(id: StepId): StepDefinition<never> {
  return steps[id] as unknown as StepDefinition<never>;
}

function wordsOf(id: StepId): string {
  const { label, group } = definitionOf(id);
  return [label, t.editor.groups[group], t.editor.about[id] ?? ''].join(' ');
}
