import { Link } from 'react-router';
import { listFans } from '#fans/contract.ts';
import { listRuns } from '#runs/contract.ts';
import { steps } from '#steps/index.ts';
import { useRead, type ItemOf } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { serviceLabel } from '../service-label.ts';
import { Line, LinePoint, type Stretch } from '../ui/line.tsx';
import { OutcomeSign } from '../ui/outcome-sign.tsx';
import styles from './dock.module.css';

type Step = ItemOf<typeof listRuns>['steps'][number];

const slowMs = 3_000;
const fastMs = 400;

/** The line of the newest run of a fan: it fills while one looks on. */
export function RunLine({
  fan,
  name,
  isShown,
  isFresh,
}: {
  /** How she is found among the fans. */
  fan: { phone: string } | { instagram: string };
  /** What stands in the line's name: her number, or how she is called. */
  name: string;
  isShown: boolean;
  isFresh: boolean;
}) {
  const refetchInterval = isShown && (isFresh ? fastMs : slowMs);
  const fans = useRead(listFans, { query: { ...fan, limit: 1 } }, { refetchInterval });
  const fanId = fans.data?.items[0]?.id;
  const runs = useRead(
    listRuns,
    { query: { fanId: fanId ?? '', limit: 1 } },
    { refetchInterval, enabled: fanId !== undefined },
  );
  const run = runs.data?.items[0];
  return (
    <section className={styles.run} aria-label={t.sandbox.lineOf(name)}>
      <h3>{t.sandbox.line}</h3>
      {run === undefined ? (
        <p className={styles.quiet}>{t.sandbox.lineNone}</p>
      ) : (
        <>
          <Line label={t.sandbox.line}>
            {run.steps.map((step) => (
              <LinePoint
                key={`${step.position} ${step.service ?? ''}`}
                sign={<OutcomeSign status={step.status} isBare />}
                stretch={stretchOf(step)}
              >
                {nameOf(step)}
                <small className={styles.when}>{t.outcomes.words[step.status]}</small>
              </LinePoint>
            ))}
          </Line>
          <Link to={paths.run(run.id)}>{t.sandbox.toRun}</Link>
        </>
      )}
    </section>
  );
}

function nameOf({ step, service }: Step): string {
  const label = Object.entries(steps).find(([id]) => id === step)?.[1].label ?? step;
  return service === null ? label : t.sandbox.onService(label, serviceLabel(service));
}

function stretchOf({ status }: Step): Stretch {
  if (status === 'deferred') return 'dashed';
  return status === 'pending' || status === 'running' ? 'faint' : 'full';
}
