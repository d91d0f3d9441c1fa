import { Link } from 'react-router';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { LinePoint } from '../../ui/line.tsx';
import { OutcomeCounts } from '../../ui/outcome-counts.tsx';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import type { FlowResults } from './flow-results.tsx';
import styles from './flows.module.css';

type Step = FlowResults['steps'][number];

/** How many fans came to a step, what became of it, and why not more. Each reason leads to its runs. */
export function FunnelStep({ step, flowId }: { step: Step; flowId: string }) {
  const opened = step.clicks.people + step.clicks.scanners;
  const told = step.reasons.filter(({ reason }) => reason !== null);
  return (
    <LinePoint sign={<OutcomeSign status={step.outcomes.done > 0 ? 'done' : 'pending'} isBare />}>
      <div className={styles.step}>
        <p className={styles.what}>{step.summary ?? t.flows.goneStep}</p>
        <p className={styles.soft}>{t.flows.reached(step.runs)}</p>
        <OutcomeCounts counts={step.outcomes} withWords />
        {opened > 0 && (
          <p className={styles.soft}>{t.flows.clicks(step.clicks.people, step.clicks.scanners)}</p>
        )}
        {told.length > 0 && (
          <ul className={styles.reasons} aria-label={t.flows.because}>
            {told.map(({ status, reason, service, count }) => (
              <li key={`${status} ${reason} ${service}`}>
                <span>{number(count)}</span>
                <Link to={paths.runs({ flow: flowId, status, reason: reason ?? '' })}>
                  {t.outcomes.words[status]}
                  {service !== null && ` ${t.runs.on(serviceLabel(service))}`}
                  {`: ${t.outcomes.short[status]?.[reason ?? ''] ?? reason}`}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </LinePoint>
  );
}
