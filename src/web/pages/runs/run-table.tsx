import type { ReactNode } from 'react';
import { listRuns } from '#runs/contract.ts';
import { useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { List, type Column } from '../../ui/list.tsx';
import { OutcomeCounts } from '../../ui/outcome-counts.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import type { RunQuery } from './run-query.ts';
import { fanOf, flowOf, useRunNames, type RunName } from './use-run-names.ts';
import type { Run } from './use-live-runs.ts';

interface RunTableProps {
  query: RunQuery;
  /** Left out where all runs are of one flow. */
  hasFlow: boolean;
  empty: ReactNode;
}

/** Runs, newest first, each with the outcomes of its steps. */
export function RunTable({ query, hasFlow, empty }: RunTableProps) {
  const pages = useReadPages(listRuns, { query });
  const { names, isPending } = useRunNames((pages.items ?? []).map(({ id }) => id));
  // Rows without a name would move as soon as it comes.
  const shown = isPending ? { ...pages, items: undefined } : pages;
  return (
    <List
      label={t.runs.title}
      pages={shown}
      columns={columnsFor(names, hasFlow)}
      keyOf={({ id }) => id}
      to={({ id }) => paths.run(id)}
      expected={12}
      empty={empty}
    />
  );
}

function columnsFor(names: Map<string, RunName>, hasFlow: boolean): Column<Run>[] {
  const flow: Column<Run> = {
    label: t.runs.flow,
    isSecondary: true,
    render: ({ id }) => {
      const name = names.get(id);
      return name === undefined ? ' ' : flowOf(name);
    },
  };
  return [
    { label: t.runs.fan, width: '24%', render: ({ id }) => fanOf(names.get(id)) },
    ...(hasFlow ? [flow] : []),
    { label: t.runs.steps, render: (run) => <OutcomeCounts counts={countsOf(run)} /> },
    { label: t.runs.state, isSecondary: true, width: '8rem', render: ({ state }) => t.runs.states[state] },
    {
      label: t.runs.started,
      align: 'right',
      width: '9rem',
      render: ({ startedAt }) => <RelativeTime at={startedAt} />,
    },
  ];
}

function countsOf({ steps }: Run): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
