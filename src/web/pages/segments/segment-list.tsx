import { useState } from 'react';
import { useNavigate } from 'react-router';
import { listSegments } from '#fans/contract.ts';
import { useReadPages, type ItemOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { SegmentDialog } from '../../forms/segment-picker.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';

type Segment = ItemOf<typeof listSegments>;

const columns: readonly Column<Segment>[] = [
  { label: t.segments.column, render: ({ name }) => name },
  { label: t.segments.fans, align: 'right', render: ({ size }) => number(size) },
  {
    label: t.segments.made,
    align: 'right',
    isSecondary: true,
    render: (one) => <RelativeTime at={one.createdAt} />,
  },
];

export function Component() {
  const [q] = useUrlState('q');
  const [isAdding, setAdding] = useState(false);
  const navigate = useNavigate();
  const may = useMay('edit');
  const add = <NextButton onClick={() => setAdding(true)}>{t.segments.add}</NextButton>;
  const pages = useReadPages(listSegments, { query: q === '' ? {} : { q } });
  const isEmpty = q === '' && pages.items?.length === 0;
  return (
    <Page title={t.segments.title} hint={t.segments.hint} actions={may && !isEmpty && add}>
      {!isEmpty && (
        <Filters>
          <SearchInput label={t.segments.search} />
        </Filters>
      )}
      <List
        label={t.segments.title}
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        to={({ id }) => paths.segment(id)}
        empty={
          q === '' ? (
            <EmptyState title={t.segments.empty} text={t.segments.emptyWhy}>
              {may && add}
            </EmptyState>
          ) : (
            <EmptyState title={t.shell.noMatch(q)} text={t.shell.noMatchHint} />
          )
        }
      />
      <SegmentDialog
        isOpen={isAdding}
        close={() => setAdding(false)}
        onDone={({ id }) => void navigate(paths.segment(id))}
      />
    </Page>
  );
}
