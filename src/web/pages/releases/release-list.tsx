import { useState } from 'react';
import { useNavigate } from 'react-router';
import { listReleases } from '#releases/contract.ts';
import { useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { ReleaseDialog } from '../../forms/release-dialog.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { releaseColumns } from './release-columns.tsx';

const columns = releaseColumns({ withArtist: true });

export function Component() {
  const [q] = useUrlState('q');
  const [isAdding, setAdding] = useState(false);
  const navigate = useNavigate();
  const may = useMay('edit');
  const pages = useReadPages(listReleases, { query: q === '' ? {} : { q } });
  const add = may && <NextButton onClick={() => setAdding(true)}>{t.releases.add}</NextButton>;
  const isEmpty = q === '' && pages.items?.length === 0;
  return (
    <Page title={t.releases.title} hint={t.releases.hint} actions={!isEmpty && add}>
      {!isEmpty && (
        <Filters>
          <SearchInput label={t.releases.search} />
        </Filters>
      )}
      <List
        label={t.releases.title}
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        to={({ id }) => paths.release(id)}
        empty={
          isEmpty ? (
            <EmptyState title={t.releases.empty} text={t.releases.emptyWhy}>
              {add}
            </EmptyState>
          ) : (
            <EmptyState title={t.shell.noMatch(q)} text={t.shell.noMatchHint} />
          )
        }
      />
      <ReleaseDialog
        isOpen={isAdding}
        close={() => setAdding(false)}
        onDone={({ id }) => void navigate(paths.release(id))}
      />
    </Page>
  );
}
