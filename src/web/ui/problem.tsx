import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CallError } from '#lib/endpoint.ts';
import { t } from '../catalogue/index.ts';
import styles from './problem.module.css';

/** The words of whatever went wrong: the API's own, or that it could not be reached. */
export function wordsOf(error: unknown): string {
  if (error instanceof CallError)
    return error.problem.status === 401 ? t.shell.signedOut : error.problem.detail;
  return t.shell.unreachableWhy;
}

interface ProblemProps {
  error: unknown;
  /** Offers to try again. */
  again?: (() => void) | undefined;
  /** What can be done about it: a link to what stands in the way. */
  children?: ReactNode;
}

/** Stands where the thing would be that could not be loaded or done. */
export function Problem({ error, again, children }: ProblemProps) {
  return (
    <div role="alert" className={styles.problem}>
      <p className={styles.words}>{wordsOf(error)}</p>
      {children}
      {again !== undefined && (
        <Button size="compact-sm" onClick={again}>
          {t.shell.again}
        </Button>
      )}
    </div>
  );
}
