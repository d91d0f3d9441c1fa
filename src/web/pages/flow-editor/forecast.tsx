import { useQuery } from '@tanstack/react-query';
import { forecastFlow } from '#flows/forecast/contract.ts';
import { keyOf, send, type ResponseOf } from '../../call.ts';
import { words } from '../../catalogue/forecast.ts';
import { t } from '../../catalogue/index.ts';
import { Loading } from '../../ui/loading.tsx';
import { formatMoney } from '../../ui/money.tsx';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { titleOf } from './card.ts';
import { requestOf, type Draft } from './draft.ts';
import styles from './forecast.module.css';
import type { Subjects } from './subjects.ts';

type Forecast = ResponseOf<typeof forecastFlow>;
type Step = Forecast['steps'][number];

interface Props {
  flowId: string;
  draft: Draft;
  subjects: Subjects;
}

/** What would happen if every fan of today did now what starts the flow, before it is turned on. */
export function ForecastOfFlow({ flowId, draft, subjects }: Props) {
  const { trigger, steps, reentry } = requestOf(draft);
  const body = { trigger, steps, reentry, flowId };
  const { data, isError } = useQuery({
    queryKey: [...keyOf(forecastFlow), JSON.stringify(body)],
    queryFn: ({ signal }) => send(forecastFlow, { body }, signal),
  });
  // Nothing depends on it: a flow can be turned on without.
  if (isError) return null;
  if (data === undefined) return <Loading />;
  if (data.fans === 0) return null;
  return (
    <details className={styles.forecast}>
      <summary>
        {words.starts(data.starts, data.fans)} {costOf(data)}
      </summary>
      <ul className={styles.why}>
        {data.notStarting.map(({ reason, fans }) => (
          <li key={reason}>{words.notStarting[reason](fans)}</li>
        ))}
      </ul>
      {data.starts > 0 && (
        <ol className={styles.steps}>
          {data.steps.map((step) => (
            <li key={step.position}>
              {titleOf(draft, step.position, subjects)}
              <Outcomes outcomes={step.outcomes} />
            </li>
          ))}
        </ol>
      )}
      <p className={styles.how}>{words.how}</p>
    </details>
  );
}

function Outcomes({ outcomes }: Pick<Step, 'outcomes'>) {
  return (
    <ul>
      {outcomes.map(({ status, reason, fans }) => (
        <li key={`${status} ${reason}`}>
          <OutcomeSign status={status} isBare size={16} />{' '}
          {words.fans(fans, t.outcomes.words[status], reason === null ? null : reasonIn(status, reason))}
        </li>
      ))}
    </ul>
  );
}

function reasonIn(status: Step['outcomes'][number]['status'], reason: string): string {
  return t.outcomes.short[status]?.[reason] ?? reason;
}

function costOf({ total: { sms, email, micros, currency } }: Forecast): string {
  if (sms.max + email.max === 0) return words.free;
  return words.cost(
    [micros.min, micros.max].map((one) => formatMoney(one, currency)),
    sms,
    email,
  );
}
