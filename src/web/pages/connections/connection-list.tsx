import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { listConnections } from '#connections/contract.ts';
import { useReadPages, type ItemOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { goLiveWords } from '../../catalogue/go-live.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { ConnectionState } from './connection-state.tsx';

type Row = ItemOf<typeof listConnections>;

const words = t.connections;

const columns: Column<Row>[] = [
  { label: words.columns.name, render: ({ label }) => label },
  { label: words.columns.provider, render: ({ connector }) => serviceLabel(connector) },
  {
    label: words.columns.sends,
    render: ({ senders }) => senders.map(({ value }) => value).join(', '),
    isSecondary: true,
  },
  { label: words.columns.state, render: ({ state }) => <ConnectionState state={state} /> },
  {
    label: words.columns.last,
    render: ({ lastSuccessAt }) =>
      lastSuccessAt === null ? words.never : <RelativeTime at={lastSuccessAt} />,
    isSecondary: true,
  },
];

/** What the project works with, and whether it works. */
export function Component() {
  const pages = useReadPages(listConnections, {}, { refetchInterval: everyMs.listed });
  const may = useMay('connect');
  const actions = (
    <>
      <Button component={Link} to={paths.goLive()}>
        {goLiveWords.open}
      </Button>
      {may && (
        <NextButton component={Link} to={paths.newConnection()}>
          {words.new}
        </NextButton>
      )}
    </>
  );
  return (
    <Page title={words.title} hint={words.hint} actions={actions}>
      <List
        label={words.list}
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        to={({ id }) => paths.connection(id)}
        empty={<EmptyState title={words.none} text={words.noneText} />}
        expected={3}
      />
    </Page>
  );
}
