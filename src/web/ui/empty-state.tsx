import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** Where there is nothing yet: what would be here, and the way to the first one. */
export function EmptyState({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}
