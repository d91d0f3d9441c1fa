import type { ReactNode } from 'react';
import styles from './filters.module.css';

/** What narrows the list below: a search and choices, in a row where there is room. */
export function Filters({ children }: { children: ReactNode }) {
  return <search className={styles.filters}>{children}</search>;
}
