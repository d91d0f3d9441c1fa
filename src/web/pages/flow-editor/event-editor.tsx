import { triggerDefinition } from '#flows/definition.ts';
import { t } from '../../catalogue/index.ts';
import { Conflicts } from './conflicts.tsx';
import type { TriggerEditorProps } from './editors.ts';
import styles from './form.module.css';
import { SchemaFields } from './schema-fields.tsx';

/** A trigger that says by its schema alone what it listens to. */
export function EventEditor({ flowId, draft, subjects, find, setConfig }: TriggerEditorProps) {
  const { trigger, config } = draft.trigger;
  return (
    <>
      <p className={styles.hint}>{t.editor.aboutTrigger[trigger]}</p>
      <SchemaFields
        definition={triggerDefinition(draft.trigger)}
        config={config}
        draft={draft}
        index={0}
        subjects={subjects}
        find={find}
        setConfig={setConfig}
      />
      <Conflicts flowId={flowId} trigger={draft.trigger} />
    </>
  );
}
