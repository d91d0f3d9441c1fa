import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { Fact, Facts } from '../../ui/section.tsx';
import { Moment } from '../../ui/times.tsx';
import type { OutcomeStatus } from '../../ui/outcome-sign.tsx';
import styles from './runs.module.css';
import type { Run } from './use-live-runs.ts';

type Part = Run['steps'][number];

/** For whoever wants to know exactly: attempts, ids, credits, delivery, and what it was before. */
export function Details({ part }: { part: Part }) {
  const { attempts, providerId, credits, delivery, history } = part;
  if (attempts === 0 && providerId === null && delivery === null && history.length === 0) return null;
  return (
    <details className={styles.details}>
      <summary>{t.runs.details}</summary>
      <Facts>
        {attempts > 0 && <Fact name={t.runs.attempts}>{number(attempts)}</Fact>}
        {credits > 0 && <Fact name={t.runs.credits}>{number(credits)}</Fact>}
        {providerId !== null && (
          <Fact name={t.runs.providerId}>
            <code>{providerId}</code>
          </Fact>
        )}
        {delivery !== null && (
          <Fact name={t.runs.delivery}>
            {t.runs.deliveries[delivery.status] ?? delivery.status}
            {delivery.reason !== null && `: ${delivery.reason}`}
            {', '}
            <Moment at={delivery.at} seconds />
          </Fact>
        )}
        {history.length > 0 && (
          <Fact name={t.runs.history}>
            <ul className={styles.history}>
              {history.map(({ status, reason, at }) => (
                <li key={`${status} ${at}`}>
                  <Moment at={at} seconds /> {wordsOf(status, reason)}
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </details>
  );
}

function wordsOf(status: string, reason: string | null): string {
  // As: a status that is not known here is shown as it is.
  const word = t.outcomes.words[status as OutcomeStatus] ?? status;
  const why = t.outcomes.short[status]?.[reason ?? ''];
  return why === undefined ? word : `${word}: ${why}`;
}
