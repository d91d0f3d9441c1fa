import { Button } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { t } from '../../catalogue/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useNow } from '../../ui/now.ts';
import { Page } from '../../ui/page.tsx';
import { LiveSign } from './live-sign.tsx';
import { RunFilters } from './run-filters.tsx';
import { queryOf } from './run-query.ts';
import { RunTable } from './run-table.tsx';
import { useLiveRuns } from './use-live-runs.ts';

/** Every run of the project, live. */
export function Component() {
  const isLive = useLiveRuns({});
  return (
    <Page title={t.runs.title} hint={t.runs.hint} actions={<LiveSign isLive={isLive} />}>
      <FilteredRuns />
    </Page>
  );
}

/** `flowId`: of this flow alone. */
export function FilteredRuns({ flowId }: { flowId?: string }) {
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const filter = queryOf(search, now);
  const isFiltered = Object.keys(filter).length > 0;
  const query = flowId === undefined ? filter : { ...filter, flowId };
  const empty = isFiltered ? (
    <EmptyState title={t.runs.none} text={t.runs.noneWhy}>
      <Button onClick={() => setSearch({}, { replace: true })}>{t.runs.clear}</Button>
    </EmptyState>
  ) : (
    <EmptyState title={flowId === undefined ? t.runs.empty : t.runs.emptyOfFlow} text={t.runs.emptyWhy} />
  );
  return (
    <>
      <RunFilters hasFlow={flowId === undefined} />
      <RunTable query={query} hasFlow={flowId === undefined} empty={empty} />
    </>
  );
}
