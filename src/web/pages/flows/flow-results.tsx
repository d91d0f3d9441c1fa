import { Select } from '@mantine/core';
import { useParams } from 'react-router';
import { getFlowResults } from '#results/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { Bars } from '../../ui/bars.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Line } from '../../ui/line.tsx';
import { Loading } from '../../ui/loading.tsx';
import { formatMoney } from '../../ui/money.tsx';
import { useNow } from '../../ui/now.ts';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { FunnelStep } from './funnel-step.tsx';
import styles from './flows.module.css';

export type FlowResults = ResponseOf<typeof getFlowResults>;

/** The tab with what a flow came to: runs by day, and how far fans came, step by step. */
export function Component() {
  const { flowId = '' } = useParams();
  const [days, setDays] = useUrlState('days');
  const chosen = t.flows.daysOptions[days] === undefined ? '30' : days;
  const query = { days: Number(chosen) };
  const results = useRead(getFlowResults, { params: { id: flowId }, query }, { refetchInterval: 30_000 });
  return (
    <>
      <div className={styles.head}>
        <p className={styles.total}>{results.data !== undefined && totalOf(results.data)}</p>
        <Select
          label={t.flows.days}
          description={t.flows.resultsHint}
          data={Object.entries(t.flows.daysOptions).map(([value, label]) => ({ value, label }))}
          value={chosen}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '')}
        />
      </div>
      {results.data !== undefined && <Results results={results.data} flowId={flowId} />}
      {results.isError && <Problem error={results.error} again={() => void results.refetch()} />}
      {results.isPending && <Loading lines={6} />}
    </>
  );
}

function totalOf({ runs, micros, currency }: FlowResults): string {
  const total = t.flows.total(runs);
  return micros === 0 ? total : `${total}, ${t.flows.spent(formatMoney(micros, currency))}`;
}

function Results({ results, flowId }: { results: FlowResults; flowId: string }) {
  if (results.runs === 0) return <EmptyState title={t.flows.noResults} text={t.flows.noResultsWhy} />;
  return (
    <>
      <Days days={results.days} />
      <Section title={t.flows.funnel}>
        <Line label={t.flows.funnel}>
          {results.steps.map((step) => (
            <FunnelStep key={step.position} step={step} flowId={flowId} />
          ))}
        </Line>
      </Section>
    </>
  );
}

function Days({ days }: Pick<FlowResults, 'days'>) {
  const now = useNow();
  const bars = days.map(({ day, runs }) => ({
    key: day,
    value: runs,
    title: t.flows.dayRuns(dateOf(`${day}T12:00:00Z`, now), runs),
  }));
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <Section title={t.flows.byDay}>
      <div className={styles.chart}>
        <Bars
          label={`${t.flows.byDay}: ${bars.map(({ title }) => title).join('; ')}`}
          height={7}
          bars={bars}
        />
        {first !== undefined && last !== undefined && (
          <p className={styles.scale}>
            <span>{dateOf(`${first.key}T12:00:00Z`, now)}</span>
            <span>{number(Math.max(...bars.map(({ value }) => value)))}</span>
            <span>{dateOf(`${last.key}T12:00:00Z`, now)}</span>
          </p>
        )}
      </div>
    </Section>
  );
}
