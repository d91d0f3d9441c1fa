import { useParams } from 'react-router';
import { getSegment, listSegmentFans } from '#fans/contract.ts';
import { useRead, useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { fanColumns } from '../fans/fan-columns.tsx';
import type { Fan } from '../fans/fan-words.ts';
import { SegmentActions } from './segment-actions.tsx';
import { TakeOut } from './take-out.tsx';

/** One segment: the fans in it, and what can be done with it. */
export function Component() {
  const { segmentId = '' } = useParams();
  const { data: segment, error, refetch } = useRead(getSegment, { params: { id: segmentId } });
  const may = useMay('edit');
  if (segment === undefined && error !== null) {
    return (
      <Page title={t.segments.one} of={t.segments.title}>
        <Problem error={error} again={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={segment?.name ?? t.segments.one}
      of={t.segments.title}
      hint={segment === undefined ? t.shell.loading : t.segments.size(segment.size)}
      actions={may && segment !== undefined ? <SegmentActions segment={segment} /> : undefined}
    >
      <Members key={segmentId} segmentId={segmentId} mayEdit={may} />
    </Page>
  );
}

function Members({ segmentId, mayEdit }: { segmentId: string; mayEdit: boolean }) {
  const pages = useReadPages(listSegmentFans, { params: { id: segmentId } });
  const takeOut: Column<Fan> = {
    label: '',
    name: t.segments.take,
    align: 'right',
    render: (fan) => <TakeOut fan={fan} segmentId={segmentId} />,
  };
  return (
    <List
      label={t.segments.members}
      pages={pages}
      columns={mayEdit ? [...fanColumns, takeOut] : fanColumns}
      keyOf={({ id }) => id}
      to={({ id }) => paths.fan(id)}
      empty={<EmptyState title={t.segments.nobody} text={t.segments.nobodyWhy} />}
    />
  );
}
