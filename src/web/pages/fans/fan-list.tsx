import { Button } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { listFans } from '#fans/contract.ts';
import { useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { SegmentPicker } from '../../forms/segment-picker.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { streamingServices } from '../../service-label.ts';
import { Choice } from '../../ui/choice.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { fanColumns } from './fan-columns.tsx';

/** Everybody who ever came, found by what is known. */
export function Component() {
  const [q] = useUrlState('q');
  const [segment, setSegment] = useUrlState('segment');
  const [consent, setConsent] = useUrlState('consent');
  const [service, setService] = useUrlState('service');
  const query = {
    ...(q !== '' && { q }),
    ...(segment !== '' && { segmentId: segment }),
    // As: only these are offered; another word in the address is refused by the API, and said.
    ...(consent !== '' && { consent: consent as 'sms' | 'email' }),
    ...(service !== '' && { service }),
  };
  // R89: who may not see addresses finds nobody by one.
  const mayFindByAddress = useMay('see-addresses');
  const isFiltered = Object.keys(query).length > 0;
  return (
    <Page title={t.fans.title} hint={t.fans.hint}>
      <Filters>
        <SearchInput label={mayFindByAddress ? t.fans.search : t.fans.searchNames} />
        <SegmentPicker
          label={t.fans.segment}
          placeholder={t.fans.anySegment}
          isClearable
          canCreate={false}
          value={segment === '' ? null : segment}
          onChange={(id) => setSegment(id ?? '')}
        />
        <Choice
          label={t.fans.agreedTo}
          placeholder={t.fans.anyConsent}
          value={consent}
          onChange={setConsent}
          options={Object.entries(t.fans.consents).map(([value, label]) => ({ value, label }))}
        />
        <Choice
          label={t.fans.service}
          placeholder={t.fans.anyService}
          value={service}
          onChange={setService}
          options={streamingServices.map(({ id, label }) => ({ value: id, label }))}
        />
      </Filters>
      <List
        label={t.fans.title}
        pages={useReadPages(listFans, { query })}
        columns={fanColumns}
        keyOf={(fan) => fan.id}
        to={(fan) => paths.fan(fan.id)}
        expected={12}
        empty={
          isFiltered ? (
            <EmptyState title={t.fans.none} text={t.fans.noneWhy}>
              <ClearFilters />
            </EmptyState>
          ) : (
            <EmptyState title={t.fans.empty} text={t.fans.emptyWhy} />
          )
        }
      />
    </Page>
  );
}

function ClearFilters() {
  const [, setSearch] = useSearchParams();
  return <Button onClick={() => setSearch({}, { replace: true })}>{t.fans.clear}</Button>;
}
