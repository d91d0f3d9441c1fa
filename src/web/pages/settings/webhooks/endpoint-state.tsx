import { words } from '../../../catalogue/webhooks.ts';
import { OutcomeSign } from '../../../ui/outcome-sign.tsx';
import styles from '../settings.module.css';

/** On or off, by shape and word. */
export function EndpointState({ state }: { state: 'active' | 'disabled' }) {
  return (
    <span className={styles.sign}>
      <span aria-hidden>
        <OutcomeSign status={state === 'active' ? 'done' : 'skipped'} isBare size={16} />
      </span>
      {state === 'active' ? words.active : words.disabled}
    </span>
  );
}
