import { stepDefinition, triggerDefinition } from '#flows/definition.ts';
import { t } from '../../catalogue/index.ts';
import { changeStep, type Draft } from './draft.ts';
import type { Kept } from './draft-keeper.ts';
import { titleOf, type Card } from './card.ts';
import styles from './form.module.css';
import { triggerEditors } from './editors.ts';
import { PolicyFields } from './policy-fields.tsx';
import { problemFinder } from './problem-finder.ts';
import { ReentryField } from './reentry-field.tsx';
import { SchemaFields } from './schema-fields.tsx';
import type { Subjects } from './subjects.ts';

export interface CardProps {
  kept: Kept;
  subjects: Subjects;
  change: (edit: (draft: Draft) => Draft) => void;
  open: Card;
  isReadOnly: boolean;
}

/** The form of the card that is open. */
export function FormOfCard(props: CardProps) {
  const { kept, subjects, open, isReadOnly } = props;
  const title = titleOf(kept.draft, open, subjects);
  return (
    <section aria-label={t.editor.formOf(title)}>
      <fieldset className={styles.form} disabled={isReadOnly}>
        <legend className={styles.unseen}>{title}</legend>
        <h2 className={styles.title}>{headingOf(kept.draft, open)}</h2>
        {open === 'trigger' ? <TriggerForm {...props} /> : <StepForm {...props} open={open} />}
      </fieldset>
    </section>
  );
}

function headingOf(draft: Draft, open: Card): string {
  if (open === 'trigger') return triggerDefinition(draft.trigger).label;
  const step = draft.steps[open - 1];
  return step === undefined ? '' : stepDefinition(step.step).label;
}

function TriggerForm({ kept, subjects, change }: CardProps) {
  const { draft, flow } = kept;
  const { trigger } = draft.trigger;
  const { Form } = triggerEditors[trigger];
  return (
    <>
      <Form
        flowId={flow.id}
        draft={draft}
        subjects={subjects}
        find={problemFinder(kept, 'trigger.config')}
        setConfig={(config) => change((now) => ({ ...now, trigger: { ...now.trigger, config } }))}
      />
      <ReentryField
        value={draft.reentry}
        error={problemFinder(kept, 'reentry')('seconds').error}
        onChange={(reentry) => change((now) => ({ ...now, reentry }))}
      />
    </>
  );
}

function StepForm({ kept, subjects, change, open }: CardProps & { open: number }) {
  const index = open - 1;
  const step = kept.draft.steps[index];
  if (step === undefined) return null;
  const definition = stepDefinition(step.step);
  return (
    <>
      <SchemaFields
        definition={definition}
        config={step.config}
        draft={kept.draft}
        index={index}
        subjects={subjects}
        find={problemFinder(kept, `steps.${index}.config`)}
        setConfig={(config) => change((now) => changeStep(now, index, { config }))}
      />
      <PolicyFields step={step} onChange={(policy) => change((now) => changeStep(now, index, policy))} />
    </>
  );
}
