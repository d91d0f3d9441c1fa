import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listRunNames, listRuns } from '#runs/contract.ts';
import { keyOf, send, useRead, type ItemOf } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { List, type Column } from '../../ui/list.tsx';
import { OutcomeCounts } from '../../ui/outcome-counts.tsx';
import { Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import styles from './home.module.css';

type Run = ItemOf<typeof listRuns>;
type Name = ItemOf<typeof listRunNames>;

const shown = 6;

/** What runs just now: who, which flow, and what its steps came to, as it happens. */
export function LatestRuns() {
  const runs = useRead(listRuns, { query: { limit: shown } }, { refetchInterval: 5_000 });
  const names = useNames((runs.data?.items ?? []).map(({ id }) => id));
  return (
    <Section title={t.home.latest} action={<Link to={paths.runs()}>{t.home.allRuns}</Link>}>
      <List
        label={t.home.latest}
        pages={{ ...runs, items: runs.data?.items }}
        columns={columnsFor(names)}
        keyOf={({ id }) => id}
        to={({ id }) => paths.run(id)}
        expected={shown}
        empty={<p className={styles.soft}>{t.home.noRuns}</p>}
      />
    </Section>
  );
}

/** By run; those of before stay until those of now are there, so that nothing flickers. */
function useNames(runIds: readonly string[]): ReadonlyMap<string, Name> {
  const input = { query: { ids: runIds.join(',') } };
  const { data } = useQuery({
    queryKey: keyOf(listRunNames, input),
    queryFn: ({ signal }) => send(listRunNames, input, signal),
    enabled: runIds.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return new Map(data?.items.map((one) => [one.runId, one]));
}

function columnsFor(names: ReadonlyMap<string, Name>): Column<Run>[] {
  return [
    { label: t.fans.one, render: ({ id }) => fanOf(names.get(id)) },
    { label: t.flows.one, isSecondary: true, render: ({ id }) => names.get(id)?.flowName ?? '…' },
    { label: t.outcomes.counts, render: ({ steps }) => <OutcomeCounts counts={countsOf(steps)} /> },
    {
      label: t.home.started,
      align: 'right',
      render: ({ startedAt }) => <RelativeTime at={startedAt} />,
    },
  ];
}

function fanOf(name: Name | undefined): string {
  if (name === undefined) return '…';
  return name.fanName ?? (name.fanAddress === null ? t.fans.unnamed : phoneNumber(name.fanAddress));
}

function countsOf(steps: Run['steps']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
