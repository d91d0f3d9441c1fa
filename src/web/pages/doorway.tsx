import type { ReactNode } from 'react';
import { Mark } from '../layout/mark.tsx';
import { useTitle } from '../ui/use-title.ts';
import styles from './doorway.module.css';

/** A page before any project: the mark, one thing to do, and below it what else may help. */
export function Doorway({
  title,
  hint,
  below,
  children,
}: {
  title: string;
  hint?: string;
  below?: readonly string[];
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={styles.doorway}>
      <Mark size={40} />
      <h1>{title}</h1>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {children}
      {below !== undefined && (
        <div className={styles.below}>
          {below.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
    </div>
  );
}
