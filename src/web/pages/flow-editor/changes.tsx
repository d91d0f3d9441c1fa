import type { FieldChange, FlowChange } from '#flows/history/contract.ts';
import { t } from '../../catalogue/index.ts';
import styles from './changes.module.css';

/** What differs between two versions, a point each, with what it was and what it is. */
export function Changes({
  changes,
  label = t.editor.changes.label,
}: {
  changes: readonly FlowChange[];
  label?: string;
}) {
  if (changes.length === 0) return <p>{t.editor.changes.none}</p>;
  return (
    <ul className={styles.changes} aria-label={label}>
      {changes.map((change, index) => (
        <li key={index}>
          {wordsOf(change)}
          {'fields' in change && <Fields fields={change.fields} />}
        </li>
      ))}
    </ul>
  );
}

function wordsOf(change: FlowChange): string {
  const words = t.editor.changes;
  switch (change.kind) {
    case 'trigger':
      return words.trigger(change.summary);
    case 'trigger_replaced':
      return words.triggerReplaced(change.before, change.after);
    case 'reentry':
      return words.reentry(change.before, change.after);
    case 'step_added':
      return words.added(change.position, change.summary);
    case 'step_removed':
      return words.removed(change.summary);
    case 'step_moved':
      return words.moved(change.summary, change.from, change.position);
    case 'step_changed':
      return words.changed(change.position, change.summary);
  }
}

function Fields({ fields }: { fields: readonly FieldChange[] }) {
  return (
    <dl className={styles.fields}>
      {fields.map(({ label, before, after }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <del>
              <span className={styles.unseen}>{t.editor.changes.before}: </span>
              {before}
            </del>
            <ins>
              <span className={styles.unseen}>{t.editor.changes.after}: </span>
              {after}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
