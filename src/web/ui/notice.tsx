import type { ReactNode } from 'react';
import { useTitle } from './use-title.ts';
import styles from './notice.module.css';

/** A page that has only one thing to say. */
export function Notice({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  useTitle(title);
  return (
    <section className={styles.notice}>
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
    </section>
  );
}
