import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconTrash,
} from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { FlowProblem } from '#flows/contract.ts';
import { t } from '../../catalogue/index.ts';
import { problemsAt, type DraftStep } from './draft.ts';
import { expectationsOf } from './expectation-words.ts';
import type { LineProps } from './line-of-cards.tsx';
import styles from './line-of-cards.module.css';
import { stepIcon } from './step-icons.tsx';

interface StepCardProps extends LineProps {
  step: DraftStep;
  index: number;
  summary: string;
  move: (from: number, to: number) => void;
  remove: (index: number) => void;
  duplicate: () => void;
}

/** A step on the line: what it does, one sentence on what becomes of it, and what is wrong with it. */
export function StepCard(props: StepCardProps) {
  const { step, index, summary, kept, subjects, open, openAt, isReadOnly, move } = props;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id: step.key,
      disabled: isReadOnly,
    });
  const facts = subjects.factsAt(index);
  const [lead] = facts === null ? [] : expectationsOf(step, facts);
  const isOpen = open === index + 1;
  const byKeys = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || isReadOnly || by === undefined) return;
    event.preventDefault();
    move(index, index + by);
  };
  return (
    <li
      ref={setNodeRef}
      className={styles.point}
      data-open={isOpen}
      data-dragging={isDragging}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <span className={styles.sign}>{stepIcon(step.step)}</span>
      <div className={styles.card}>
        <button
          type="button"
          className={styles.open}
          aria-current={isOpen ? 'step' : undefined}
          onKeyDown={byKeys}
          onClick={() => openAt(index + 1)}
        >
          <span className={styles.kind}>{t.editor.step(index + 1)}</span>
          <span className={styles.summary}>{summary}</span>
          <span className={styles.lead}>{lead?.sentence ?? ' '}</span>
        </button>
        {!isReadOnly && (
          <div className={styles.tools}>
            <StepMenu {...props} />
            <button
              type="button"
              ref={setActivatorNodeRef}
              className={styles.grip}
              {...attributes}
              {...listeners}
              aria-label={t.editor.drag(summary)}
            >
              <IconGripVertical size={16} aria-hidden />
            </button>
          </div>
        )}
        <CardSigns problems={problemsAt(kept.flow.problems, `steps.${index}`)} />
      </div>
    </li>
  );
}

/** How much is wrong with a card, in words for who does not see the colour. */
export function CardSigns({ problems }: { problems: readonly FlowProblem[] }) {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const hints = problems.length - errors;
  if (problems.length === 0) return null;
  return (
    <span className={styles.signs}>
      {errors > 0 && <span data-severity="error">{t.editor.problemsHere(errors)}</span>}
      {hints > 0 && <span data-severity="warning">{t.editor.hintsHere(hints)}</span>}
    </span>
  );
}

function StepMenu({ index, summary, kept, move, remove, duplicate, subjects }: StepCardProps) {
  const last = kept.draft.steps.length - 1;
  const maxSteps = subjects.facts?.plan.maxSteps ?? null;
  const isFull = maxSteps !== null && last + 1 >= maxSteps;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t.editor.actions(summary)}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={16} aria-hidden />}
          disabled={index === 0}
          onClick={() => move(index, index - 1)}
        >
          {t.editor.moveUp}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} aria-hidden />}
          disabled={index === last}
          onClick={() => move(index, index + 1)}
        >
          {t.editor.moveDown}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} disabled={isFull} onClick={duplicate}>
          {t.editor.duplicate}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove(index)}>
          {t.editor.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
