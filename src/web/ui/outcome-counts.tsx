import { number } from '../catalogue/format.ts';
import { t } from '../catalogue/index.ts';
import styles from './outcome-counts.module.css';
import { OutcomeSign, type OutcomeStatus } from './outcome-sign.tsx';

/** In the order in which people want to know. */
const order: readonly OutcomeStatus[] = [
  'done',
  'running',
  'pending',
  'held',
  'deferred',
  'skipped',
  'failed',
  'unknown',
];

/** How many of each outcome, by their signs; statuses without any are left out. */
export function OutcomeCounts({
  counts,
  withWords = false,
}: {
  counts: Readonly<Record<string, number | undefined>>;
  withWords?: boolean;
}) {
  const shown = order.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count === 0 ? [] : [{ status, count }];
  });
  if (shown.length === 0) return null;
  return (
    <ul className={styles.counts} aria-label={t.outcomes.counts}>
      {shown.map(({ status, count }) => (
        <li key={status} title={t.outcomes.words[status]}>
          {withWords ? (
            <OutcomeSign status={status} size={16} />
          ) : (
            <OutcomeSign status={status} isBare size={16} />
          )}
          {number(count)}
        </li>
      ))}
    </ul>
  );
}
