import { useState } from 'react';
import { useNavigate } from 'react-router';
import { listArtists } from '#releases/contract.ts';
import { useReadPages, type ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { ArtistDialog } from '../../forms/artist-dialog.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { ServiceNames } from '../../ui/service-links.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';

const columns: readonly Column<ItemOf<typeof listArtists>>[] = [
  { label: t.artists.column, render: ({ name }) => name },
  {
    label: t.artists.services,
    render: ({ services }) =>
      services.length === 0 ? (
        <span style={{ color: 'var(--soft)' }}>{t.artists.nowhere}</span>
      ) : (
        <ServiceNames services={services} />
      ),
  },
];

export function Component() {
  const [q] = useUrlState('q');
  const [isAdding, setAdding] = useState(false);
  const navigate = useNavigate();
  const may = useMay('edit');
  const pages = useReadPages(listArtists, { query: q === '' ? {} : { q } });
  const add = may && <NextButton onClick={() => setAdding(true)}>{t.artists.add}</NextButton>;
  const isEmpty = q === '' && pages.items?.length === 0;
  return (
    <Page title={t.artists.title} hint={t.artists.hint} actions={!isEmpty && add}>
      {!isEmpty && (
        <Filters>
          <SearchInput label={t.artists.search} />
        </Filters>
      )}
      <List
        label={t.artists.title}
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        to={({ id }) => paths.artist(id)}
        empty={
          isEmpty ? (
            <EmptyState title={t.artists.empty} text={t.artists.emptyWhy}>
              {add}
            </EmptyState>
          ) : (
            <EmptyState title={t.shell.noMatch(q)} text={t.shell.noMatchHint} />
          )
        }
      />
      <ArtistDialog
        isOpen={isAdding}
        close={() => setAdding(false)}
        onDone={({ id }) => void navigate(paths.artist(id))}
      />
    </Page>
  );
}
