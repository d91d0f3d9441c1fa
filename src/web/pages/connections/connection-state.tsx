import { IconAlertTriangle, IconCircleCheck, IconPlayerPause, IconPlugConnectedX } from '@tabler/icons-react';
import type { ResponseOf } from '../../call.ts';
import type { getConnection } from '#connections/contract.ts';
import { t } from '../../catalogue/index.ts';
import styles from './connections.module.css';

type State = ResponseOf<typeof getConnection>['state'];

const icons = {
  ready: IconCircleCheck,
  needs_reconnect: IconPlugConnectedX,
  error: IconAlertTriangle,
  disabled: IconPlayerPause,
} as const;

/** A sign and a word, never a colour alone. */
export function ConnectionState({ state }: { state: State }) {
  const Icon = icons[state];
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={16} aria-hidden />
      {t.connections.states[state]}
    </span>
  );
}
