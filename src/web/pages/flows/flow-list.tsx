import { Link } from 'react-router';
import { listFlows } from '#flows/contract.ts';
import { listFlowResults } from '#results/contract.ts';
import { useRead, useReadPages, type ItemOf, type ResponseOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { Bars } from '../../ui/bars.tsx';
import { Choice } from '../../ui/choice.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Money } from '../../ui/money.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { FlowMenu } from './flow-menu.tsx';
import styles from './flows.module.css';

export type Flow = ItemOf<typeof listFlows>;
type Results = ResponseOf<typeof listFlowResults>;

const states = ['active', 'paused', 'draft'] as const;

/** Every flow with what it did lately. */
export function Component() {
  const [q] = useUrlState('q');
  const [state, setState] = useUrlState('state');
  const chosen = states.find((one) => one === state);
  const query = { ...(q !== '' && { q }), ...(chosen !== undefined && { state: chosen }) };
  const isFiltered = Object.keys(query).length > 0;
  const may = useMay('edit');
  const pages = useReadPages(listFlows, { query });
  const results = useRead(listFlowResults, { query: {} }, { refetchInterval: 30_000 });
  const add = (
    <NextButton component={Link} to={paths.newFlow()}>
      {t.flows.add}
    </NextButton>
  );
  const isEmpty = !isFiltered && pages.items?.length === 0;
  return (
    <Page title={t.flows.title} hint={t.flows.hint} actions={may && !isEmpty && add}>
      {!isEmpty && (
        <Filters>
          <SearchInput label={t.flows.search} />
          <Choice
            label={t.flows.state}
            placeholder={t.flows.anyState}
            value={state}
            onChange={setState}
            options={states.map((value) => ({ value, label: t.editor.states[value] }))}
          />
        </Filters>
      )}
      <List
        label={t.flows.title}
        pages={pages}
        columns={columnsFor(results.data)}
        keyOf={({ id }) => id}
        to={({ id }) => paths.flow(id)}
        empty={
          isFiltered ? (
            <EmptyState title={t.shell.noMatch(q)} text={t.shell.noMatchHint} />
          ) : (
            <EmptyState title={t.flows.empty} text={t.flows.emptyWhy}>
              {may && add}
            </EmptyState>
          )
        }
      />
      {pages.items !== undefined && !isEmpty && <p className={styles.note}>{t.flows.last30}</p>}
    </Page>
  );
}

function columnsFor(results: Results | undefined): Column<Flow>[] {
  const of = ({ id }: Flow) => results?.items.find(({ flowId }) => flowId === id);
  const count = (value: number | undefined) => (value === undefined ? ' ' : number(value));
  return [
    { label: t.flows.column, width: '38%', render: (flow) => <Name flow={flow} /> },
    {
      label: t.flows.week,
      isSecondary: true,
      width: '7.5rem',
      render: (flow) => <Week daily={of(flow)?.daily ?? []} days={results?.days ?? []} />,
    },
    { label: t.flows.runs, align: 'right', render: (flow) => count(of(flow)?.runs) },
    {
      label: t.flows.done,
      align: 'right',
      isSecondary: true,
      render: (flow) => count(of(flow)?.outcomes.done),
    },
    {
      label: t.flows.skipped,
      align: 'right',
      isSecondary: true,
      render: (flow) => count(of(flow)?.outcomes.skipped),
    },
    {
      label: t.flows.spend,
      align: 'right',
      render: (flow) => <Money micros={of(flow)?.micros ?? 0} currency={results?.currency ?? 'USD'} />,
    },
    {
      label: '',
      name: t.flows.actions,
      align: 'right',
      width: '3rem',
      render: (flow) => <FlowMenu flow={flow} />,
    },
  ];
}

function Name({ flow }: { flow: Flow }) {
  return (
    <span className={styles.name}>
      <span>{flow.name}</span>
      <small>
        <span className={styles.state}>
          <span className={styles.dot} data-state={flow.state} aria-hidden />
          {t.editor.states[flow.state]}
          {flow.pauseReason !== null && `: ${t.flows.pauseReasons[flow.pauseReason]}`}
        </span>
        {' · '}
        {flow.summary}
      </small>
    </span>
  );
}

function Week({ daily, days }: { daily: readonly number[]; days: readonly string[] }) {
  return (
    <Bars
      label={t.flows.weekOf(daily.map(number).join(', '))}
      height={1.5}
      bars={days.map((day, index) => ({ key: day, value: daily[index] ?? 0 }))}
    />
  );
}
