import type { ReactNode } from 'react';
import styles from './columns.module.css';

/** What something is at the left, what happened with it at the right; one below the other on a phone. */
export function Columns({ side, children }: { side: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.columns}>
      <div className={styles.side}>{side}</div>
      <div className={styles.main}>{children}</div>
    </div>
  );
}
