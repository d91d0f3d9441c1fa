import { useNavigate } from 'react-router';
import { createPage, listPages, type LandingPage } from '#landing-pages/contract.ts';
import { listPageVisits } from '#visits/contract.ts';
import { useAction, useRead, useReadPages, type ResponseOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';

type Visits = ResponseOf<typeof listPageVisits>;

const columnsFor = (visits: Visits | undefined): Column<LandingPage>[] => [
  { label: t.pages.column, render: ({ heading }) => heading },
  { label: t.pages.address, render: ({ slug }) => `/p/${slug}` },
  { label: t.pages.state, render: ({ isPublished }) => (isPublished ? t.pages.published : t.pages.draft) },
  {
    label: t.pages.visits,
    align: 'right',
    isSecondary: true,
    render: ({ id }) => visits && number(visits.items.find(({ pageId }) => pageId === id)?.people ?? 0),
  },
  { label: t.pages.changed, align: 'right', render: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
];

export function Component() {
  const [q] = useUrlState('q');
  const navigate = useNavigate();
  const may = useMay('edit');
  const pages = useReadPages(listPages, { query: q === '' ? {} : { q } });
  const visits = useRead(listPageVisits, { query: {} }, { refetchInterval: everyMs.aside });
  const create = useAction(createPage, { changes: [listPages] });
  const add = may && (
    <NextButton
      loading={create.isPending}
      onClick={() => create.mutate({ body: {} }, { onSuccess: ({ id }) => void navigate(paths.page(id)) })}
    >
      {t.pages.add}
    </NextButton>
  );
  const isEmpty = q === '' && pages.items?.length === 0;
  return (
    <Page title={t.pages.title} hint={t.pages.hint} actions={!isEmpty && add}>
      {create.error !== null && <Problem error={create.error} />}
      {!isEmpty && (
        <Filters>
          <SearchInput label={t.pages.search} />
        </Filters>
      )}
      <List
        label={t.pages.title}
        pages={pages}
        columns={columnsFor(visits.data)}
        keyOf={({ id }) => id}
        to={({ id }) => paths.page(id)}
        empty={
          isEmpty ? (
            <EmptyState title={t.pages.empty} text={t.pages.emptyWhy}>
              {add}
            </EmptyState>
          ) : (
            <EmptyState title={t.shell.noMatch(q)} text={t.shell.noMatchHint} />
          )
        }
      />
    </Page>
  );
}
