import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Button } from '@mantine/core';
import { IconBolt, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { stepDefinition, triggerDefinition } from '#flows/definition.ts';
import type { StepId } from '#steps/index.ts';
import { t } from '../../catalogue/index.ts';
import type { Card } from './card.ts';
import { keyed, moveStep, problemsAt, type Draft, type DraftStep } from './draft.ts';
import type { Kept } from './draft-keeper.ts';
import styles from './line-of-cards.module.css';
import { Palette } from './palette.tsx';
import { CardSigns, StepCard } from './step-card.tsx';
import type { Subjects } from './subjects.ts';

export interface LineProps {
  kept: Kept;
  subjects: Subjects;
  change: (edit: (draft: Draft) => Draft) => void;
  open: Card | null;
  openAt: (card: Card | null) => void;
  isReadOnly: boolean;
}

/** The one line: the trigger, then the steps in their order. Steps move by drag, by keys and by buttons. */
export function LineOfCards(props: LineProps) {
  const { kept, subjects, change, openAt, isReadOnly } = props;
  const { draft } = kept;
  const [isAdding, setAdding] = useState(false);
  const [said, say] = useState('');
  const [removed, setRemoved] = useState<{ step: DraftStep; index: number } | null>(null);
  const summaryOf = (step: DraftStep) =>
    stepDefinition(step.step).summary(step.config as never, subjects.nameOf);

  const move = (from: number, to: number) => {
    const step = draft.steps[from];
    if (step === undefined || to < 0 || to >= draft.steps.length || from === to) return;
    change((now) => moveStep(now, from, to));
    openAt(to + 1);
    say(t.editor.moved(summaryOf(step), to + 1, draft.steps.length));
  };
  const remove = (index: number) => {
    const step = draft.steps[index];
    if (step === undefined) return;
    change((now) => ({ ...now, steps: now.steps.toSpliced(index, 1) }));
    setRemoved({ step, index });
    openAt('trigger');
  };
  const undo = () => {
    if (removed === null) return;
    change((now) => ({ ...now, steps: now.steps.toSpliced(removed.index, 0, removed.step) }));
    openAt(Math.min(removed.index, draft.steps.length) + 1);
    setRemoved(null);
  };
  const insert = (step: DraftStep, index: number) => {
    change((now) => ({ ...now, steps: now.steps.toSpliced(index, 0, step) }));
    openAt(index + 1);
    setRemoved(null);
  };
  const add = (step: StepId) => {
    setAdding(false);
    insert(newStep(step, draft), draft.steps.length);
  };
  return (
    <div className={styles.pane}>
      <ol className={styles.line} aria-label={t.editor.line}>
        <TriggerCard {...props} />
        <Sortable draft={draft} summaryOf={summaryOf} move={move}>
          {draft.steps.map((step, index) => (
            <StepCard
              key={step.key}
              {...props}
              step={step}
              index={index}
              summary={summaryOf(step)}
              move={move}
              remove={remove}
              duplicate={() => insert(keyed({ ...step }), index + 1)}
            />
          ))}
        </Sortable>
        {!isReadOnly && (
          <li className={styles.addPoint}>
            {removed !== null && (
              <output className={styles.removed}>
                <span>{t.editor.removed(summaryOf(removed.step))}</span>
                <Button size="compact-sm" onClick={undo}>
                  {t.editor.undo}
                </Button>
              </output>
            )}
            {draft.steps.length === 0 && <p className={styles.hint}>{t.editor.noSteps}</p>}
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              {t.editor.addStep}
            </Button>
          </li>
        )}
      </ol>
      <output className={styles.unseen}>{said}</output>
      <Palette
        isOpen={isAdding}
        close={() => setAdding(false)}
        choose={add}
        facts={subjects.facts}
        count={draft.steps.length}
      />
    </div>
  );
}

function TriggerCard({ kept, subjects, open, openAt }: LineProps) {
  const { trigger } = kept.draft;
  const definition = triggerDefinition(trigger);
  return (
    <li className={styles.point} data-open={open === 'trigger'}>
      <span className={styles.sign} data-kind="trigger">
        <IconBolt size={16} aria-hidden />
      </span>
      <div className={styles.card}>
        <button
          type="button"
          className={styles.open}
          aria-current={open === 'trigger' ? 'step' : undefined}
          onClick={() => openAt('trigger')}
        >
          <span className={styles.kind}>{t.editor.trigger}</span>
          <span className={styles.summary}>
            {definition.summary(trigger.config as never, subjects.nameOf)}
          </span>
        </button>
        <CardSigns
          problems={[
            ...problemsAt(kept.flow.problems, 'trigger'),
            ...problemsAt(kept.flow.problems, 'reentry'),
          ]}
        />
      </div>
    </li>
  );
}

interface SortableProps {
  draft: Draft;
  summaryOf: (step: DraftStep) => string;
  move: (from: number, to: number) => void;
  children: React.ReactNode;
}

function Sortable({ draft, summaryOf, move, children }: SortableProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const keys = draft.steps.map(({ key }) => key);
  const placeOf = (key: string | number | undefined) => keys.indexOf(String(key)) + 1;
  const nameOf = (key: string | number) => {
    const step = draft.steps[placeOf(key) - 1];
    return step === undefined ? '' : summaryOf(step);
  };
  const end = ({ active, over }: DragEndEvent) => {
    if (over !== null) move(placeOf(active.id) - 1, placeOf(over.id) - 1);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={end}
      accessibility={{
        announcements: {
          onDragStart: ({ active }) => t.editor.dragStart(nameOf(active.id)),
          onDragOver: ({ over }) => (over === null ? '' : t.editor.dragOver(placeOf(over.id), keys.length)),
          onDragEnd: ({ over }) => (over === null ? '' : t.editor.dragEnd(placeOf(over.id), keys.length)),
          onDragCancel: () => t.editor.dragCancel,
        },
        // Outside the list, whose children are its points.
        container: document.body,
      }}
    >
      <SortableContext items={keys} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

/** What the flow is about already is what the new step is about, where it fits. */
function newStep(step: StepId, { steps }: Draft): DraftStep {
  const config: Record<string, unknown> = {};
  for (const name of Object.keys(stepDefinition(step).fields)) {
    if (!['releaseId', 'artistId'].includes(name)) continue;
    const known = steps
      .map((one) => one.config[name])
      .find((value) => typeof value === 'string' && value !== '');
    if (known !== undefined) config[name] = known;
  }
  return keyed({ step, config, onUnmet: 'defer', stopOnFailure: false });
}
