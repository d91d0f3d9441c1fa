import type { ReactNode } from 'react';
import styles from './line.module.css';

/**
 * The one line, top to bottom: an ordered list whose points are joined. It fills as steps are done and
 * is dashed where one is promised.
 */
export function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className={styles.line} aria-label={label}>
      {children}
    </ol>
  );
}

/** How the line goes on below a point. */
export type Stretch = 'full' | 'faint' | 'dashed';

/** One point: its sign on the line, what belongs to it beside. `at` stands before the line where there is room. */
export function LinePoint({
  sign,
  at,
  stretch = 'full',
  children,
}: {
  sign: ReactNode;
  at?: ReactNode;
  stretch?: Stretch;
  children: ReactNode;
}) {
  return (
    <li className={styles.point} data-stretch={stretch}>
      {at !== undefined && <div className={styles.at}>{at}</div>}
      <div className={styles.sign}>{sign}</div>
      <div className={styles.beside}>{children}</div>
    </li>
  );
}
