import type { ReactNode } from 'react';
import { t } from '../catalogue/index.ts';
import styles from './outcome-sign.module.css';

export type OutcomeStatus = keyof typeof t.outcomes.words;

const ring = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8 };
const stroke = { ...ring, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** Each outcome has a shape of its own, so that none is told by its colour alone. */
const shapes: Record<OutcomeStatus, ReactNode> = {
  pending: <circle cx="10" cy="10" r="3" {...ring} />,
  running: (
    <>
      <circle cx="10" cy="10" r="8" {...ring} opacity={0.35} />
      <circle cx="10" cy="10" r="3.4" fill="currentColor" />
    </>
  ),
  done: (
    <>
      <circle cx="10" cy="10" r="9" fill="currentColor" />
      <path d="m6.2 10.4 2.6 2.6 5-5.6" {...stroke} stroke="var(--paper)" strokeWidth={2} />
    </>
  ),
  held: (
    <>
      <circle cx="10" cy="10" r="8" {...ring} />
      <path d="M8 7.2v5.6M12 7.2v5.6" {...stroke} />
    </>
  ),
  deferred: <circle cx="10" cy="10" r="8" {...ring} strokeDasharray="3.6 2.7" />,
  skipped: (
    <>
      <circle cx="7" cy="12.5" r="4.5" {...ring} />
      <path d="M3 4.2h13m-3-3 3 3-3 3" {...stroke} />
    </>
  ),
  failed: <path d="m4.5 4.5 11 11m0-11-11 11" {...stroke} strokeWidth={2.4} />,
  unknown: (
    <>
      <circle cx="10" cy="10" r="8.4" {...ring} />
      <path d="M7.6 7.9c.2-3.3 5-3 4.8-.2-.1 1.6-2.3 1.8-2.3 3.5" {...stroke} />
      <circle cx="10.1" cy="14" r="1.1" fill="currentColor" />
    </>
  ),
};

/** The sign of an outcome; with its word, unless a sentence beside it says as much (`isBare`). */
export function OutcomeSign({
  status,
  isBare = false,
  size = 18,
}: {
  status: OutcomeStatus;
  isBare?: boolean;
  size?: number;
}) {
  const word = t.outcomes.words[status];
  return (
    <span className={styles.sign} data-status={status}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 20 20"
        role={isBare ? 'img' : undefined}
        aria-hidden={!isBare}
        aria-label={isBare ? word : undefined}
      >
        {shapes[status]}
      </svg>
      {!isBare && word}
    </span>
  );
}
